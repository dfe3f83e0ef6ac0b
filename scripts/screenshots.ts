/** `npm run screenshots`: the console's pages as pictures, in both languages and themes, into docs/images. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { openRig, type Rig, untilAllOpen, visit } from "../test/e2e/rig.ts";

const IMAGES = join(import.meta.dirname, "..", "docs", "images");
/** Of a JPEG: small files, text still sharp enough to be read. */
const QUALITY = 62;
const WIDTH = 1180;

const LOOKS = [
  { name: "en-dark", locale: "en-GB", theme: "dark" },
  { name: "ru-light", locale: "ru-RU", theme: "light" },
] as const;

const PAGES = ["node/tpve02", "incidents", "devices", "configuration", "simulator", "access", "demo"];

mkdirSync(IMAGES, { recursive: true });
const rig = await openRig();
try {
  const pages = await openAll(rig);
  for (const { page, look } of pages) await shoot(page, `overview-${look}`);
  rig.cluster.setDeviceFault("tpve02", { type: "hangs" });
  await rig.cluster.hub.cut({ node: 2 });
  for (const { page, look } of pages) {
    await page.getByTestId("victim-tpve02").waitFor();
    await shoot(page, `victim-${look}`);
  }
  const phone = await rig.open("operator", { width: 390, locale: "en-GB" });
  await phone.getByTestId("victim-tpve02").waitFor();
  await shoot(phone, "phone-en-dark");
  rig.cluster.setDeviceFault("tpve02", { type: "none" });
  for (const { page } of pages) await page.getByTestId("victim-tpve02").waitFor({ state: "detached" });
  await rig.cluster.hub.heal({ node: 2 });
  await untilAllOpen(rig.cluster, "tpve01");
  for (const { page, look } of pages) {
    for (const name of [...PAGES, "incidents/1"]) {
      await visit(page, `#/${name}`);
      await page.locator("main .panel").first().waitFor();
      if (name === "simulator") await page.getByRole("checkbox").nth(1).check();
      await shoot(page, `${name.replace("/tpve02", "").replace("incidents/1", "certificate")}-${look}`);
    }
  }
  await rig.cluster.unit("tpve03").machine.powerOff();
  for (const { page, look } of pages) {
    await visit(page, "#/overview");
    await page.getByTestId("victim-tpve03").getByRole("button").click();
    await shoot(page, `acknowledge-${look}`);
  }
} finally {
  await rig.close();
}

async function openAll(from: Rig): Promise<{ readonly page: Page; readonly look: string }[]> {
  const pages: { page: Page; look: string }[] = [];
  for (const { name, locale, theme } of LOOKS) {
    pages.push({ look: name, page: await from.open("admin", { locale, theme, width: WIDTH }) });
  }
  return pages;
}

async function shoot(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0);
  await page.screenshot({
    path: join(IMAGES, `${name}.jpg`),
    type: "jpeg",
    quality: QUALITY,
    animations: "disabled",
  });
}
