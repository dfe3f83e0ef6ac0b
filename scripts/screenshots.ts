/** `npm run screenshots`: every page of the console, in both languages and themes, into docs/images. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { openRig, type Rig, untilAllOpen, visit } from "../test/e2e/rig.ts";
import { toPalettePng } from "./lib/palette-png.ts";

const IMAGES = join(import.meta.dirname, "..", "docs", "images");
const WIDTH = 1_200;
const PHONE_WIDTH = 390;

interface Shown {
  readonly page: Page;
  readonly look: string;
}

mkdirSync(IMAGES, { recursive: true });
const rig = await openRig();
try {
  const pages = await openAll(rig, WIDTH);
  const phones = (await openAll(rig, PHONE_WIDTH)).filter(({ look }) => /en-dark|ru-light/.test(look));
  await each(pages, "overview", async (page) => page.locator(".tone-warn").waitFor());
  rig.cluster.setDeviceFault("tpve02", { type: "hangs" });
  await rig.cluster.hub.cut({ node: 2 });
  const isLost = (page: Page): Promise<void> => page.getByTestId("victim-tpve02").waitFor();
  await each(pages, "victim", isLost);
  await each(phones, "phone-victim", isLost);
  rig.cluster.setDeviceFault("tpve02", { type: "none" });
  await untilAllOpen(rig.cluster, "tpve01", 2);
  await rig.cluster.hub.heal({ node: 2 });
  await untilAllOpen(rig.cluster, "tpve01");

  await each(pages, "node", (page) => at(page, "node/tpve02"));
  await each(pages, "fence", async (page) => {
    await page.locator(".apart .button.danger").click();
    await page.getByTestId("simulated").getByRole("listitem").first().waitFor();
  });
  await each(pages, "incidents", async (page) => {
    await page.keyboard.press("Escape");
    await at(page, "incidents");
    await page.getByRole("row").nth(1).waitFor();
  });
  await each(pages, "certificate", async (page) => {
    await page.getByRole("row").nth(1).getByRole("link").click(); // The newest: fenced by an agent.
    await page.locator(".certificate").waitFor();
  });
  await each(pages, "devices", (page) => at(page, "devices"));
  await each(pages, "configuration", async (page) => {
    await at(page, "configuration");
    await page.getByRole("treeitem", { name: "fence_daemon" }).click();
    await page.getByRole("textbox", { name: "post_join_delay" }).fill("soon");
    await page.locator(".marks .problem-error").waitFor();
  });
  await each(pages, "change", async (page) => {
    const editor = page.locator(".editor textarea");
    await editor.fill((await editor.inputValue()).replace("soon", "6").replace(/<method.*?<\/method>/s, ""));
    await page.locator(".coverage-change .problems").waitFor();
    await page.evaluate("new Promise((resolve) => setTimeout(resolve, 1000))"); // All answers change the height.
    await page.locator(".coverage-change").evaluate((element) => element.scrollIntoView({ block: "center" }));
  });
  await each(phones, "phone-configuration", (page) => at(page, "configuration"));
  await each(pages, "simulator", async (page) => {
    await at(page, "simulator");
    await page.getByRole("checkbox").nth(1).check();
    await page.getByRole("slider").waitFor();
  });
  await each(pages, "access", (page) => at(page, "access"));
  await each(pages, "demo", (page) => at(page, "demo"));
  await rig.cluster.unit("tpve03").machine.powerOff();
  const acknowledge = async (page: Page): Promise<void> => {
    await visit(page, "#/overview");
    await page.getByTestId("victim-tpve03").getByRole("button").click();
    await page.getByRole("dialog").waitFor();
  };
  await each(pages, "acknowledge", acknowledge);
  await each(phones, "phone-acknowledge", acknowledge);
} finally {
  await rig.close();
}

async function openAll(from: Rig, width: number): Promise<readonly Shown[]> {
  const shown: Shown[] = [];
  for (const locale of ["en-GB", "ru-RU"] as const) {
    for (const theme of ["dark", "light"] as const) {
      const page = await from.open("admin", { locale, theme, width });
      shown.push({ page, look: `${locale.slice(0, 2)}-${theme}` });
    }
  }
  return shown;
}

/** Goes to a page and waits until it shows something of its own. */
async function at(page: Page, place: string): Promise<void> {
  await visit(page, `#/${place}`);
  await page.locator("main .panel").first().waitFor();
}

async function each(shown: readonly Shown[], name: string, prepare: (page: Page) => Promise<void>) {
  for (const { page, look } of shown) {
    await prepare(page);
    await page.mouse.move(0, 0);
    await page.evaluate("new Promise((resolve) => setTimeout(resolve, 300))"); // Letters and lazy parts.
    const png = await page.screenshot({ animations: "disabled" });
    writeFileSync(join(IMAGES, `${name}-${look}.png`), toPalettePng(png));
  }
}
