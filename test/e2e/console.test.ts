import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { seriousFindings } from "./axe.ts";
import { CHROMIUM, openRig, PATIENCE_MS, type Rig, untilAllOpen, visit } from "./rig.ts";

let rig: Rig;
/** As root `npm test` installs it; without root it may be missing. */
const skip = existsSync(CHROMIUM) ? false : `${CHROMIUM} is not installed`;
before(async () => {
  if (skip === false) rig = await openRig();
});
after(() => rig?.close());

function seen(name: string, look: () => Promise<void> | void, timeout = 2 * PATIENCE_MS): void {
  test(name, { skip, timeout }, look);
}

async function verdictSays(page: Page, words: RegExp): Promise<void> {
  await page.getByTestId("verdict").getByRole("heading", { name: words }).waitFor();
}

async function findingsEverywhere(page: Page, theme: string): Promise<string[]> {
  const found: string[] = [];
  for (const hash of [
    "#/overview",
    "#/node/tpve02",
    "#/incidents",
    "#/devices",
    "#/configuration",
    "#/access",
    "#/demo",
  ]) {
    await visit(page, hash);
    await page.locator("main .panel, main .node-card").first().waitFor();
    found.push(...(await seriousFindings(page, `${theme} ${hash}`)));
  }
  return found;
}

/** In Russian, light, on a phone, from another node: nothing is wider than the screen. */
async function lookNarrow(): Promise<void> {
  const page = await rig.open("viewer", { locale: "ru-RU", width: 390, theme: "light", node: 1 });
  await verdictSays(page, /В хранилище можно писать/);
  assert.equal(await page.locator("html").getAttribute("lang"), "ru");
  for (const hash of ["#/overview", "#/node/tpve02", "#/incidents", "#/devices", "#/configuration"]) {
    await visit(page, hash);
    await page.locator("main .panel").first().waitFor();
    const widths = await page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]");
    const [content = 0, window = 0] = widths as number[];
    assert.ok(content <= window, `${hash} is ${content} wide on a screen of ${window}`);
    assert.deepEqual(await seriousFindings(page, `light ${hash}`), []);
  }
  await page.context().close();
}

async function lookWide(): Promise<void> {
  const page = await rig.open("admin");
  await verdictSays(page, /Storage is writable\. 2 of 3 nodes can be fenced; not tpve03\./);
  assert.deepEqual(await findingsEverywhere(page, "dark"), []);
  await page.context().close();
}

seen("a calm cluster, in English and Russian, wide and narrow, dark and light", async () => {
  await Promise.all([lookWide(), lookNarrow()]);
});

seen("a viewer sees everything and can do nothing; an operator can cut off", async () => {
  const viewer = await rig.open("viewer");
  await visit(viewer, "#/node/tpve02");
  const cut = viewer.getByRole("button", { name: "Cut off…" });
  await cut.waitFor();
  assert.equal(await cut.isDisabled(), true);
  assert.equal(await viewer.getByRole("button", { name: "Ask its devices" }).isDisabled(), true);
  await visit(viewer, "#/demo");
  await viewer.getByText("For this one must be operator.").waitFor();
  await viewer.context().close();

  const operator = await rig.open("operator");
  await visit(operator, "#/node/tpve02");
  await operator.getByRole("button", { name: "Ask its devices" }).click();
  await operator.getByRole("table", { name: "Answers of the devices" }).getByText("answers").waitFor();
  await operator.context().close();
});

seen("the keyboard alone is enough, and a typed name stands before a shot", async () => {
  const page = await rig.open("operator");
  await visit(page, "#/node/tpve02");
  await page.getByRole("button", { name: "Cut off…" }).waitFor();
  const focused = (): Promise<string> =>
    page.evaluate("document.activeElement?.textContent ?? ''") as Promise<string>;
  for (let presses = 0; presses < 60 && (await focused()) !== "Cut off…"; presses++)
    await page.keyboard.press("Tab");
  assert.equal(await focused(), "Cut off…");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Cut tpve02 off" });
  const played = dialog.getByTestId("simulated");
  await played.getByText(/Storage is held for \d+ s, and released by itself\./).waitFor();
  await played.getByText("bouncer what-if --fence tpve02").waitFor();
  assert.deepEqual(await seriousFindings(page, "fence dialog"), []);
  const confirm = dialog.getByRole("button", { name: "Cut tpve02 off" });
  assert.equal(await confirm.isDisabled(), true);
  await dialog.getByLabel("Type tpve02 to confirm").fill("tpve03");
  assert.equal(await confirm.isDisabled(), true);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  assert.equal(await dialog.count(), 0);
  await page.context().close();
});

seen(
  "the configuration is edited in tree and text, checked, diffed, played, staged and activated on all nodes",
  async () => {
    const page = await rig.open("admin");
    await visit(page, "#/configuration");
    await page.getByRole("heading", { name: "Version 1 is in force" }).waitFor();
    const editor = page.getByRole("textbox", { name: "Text of the configuration" });
    await page.getByRole("treeitem", { name: "fence_daemon" }).click();
    const delay = page.getByRole("textbox", { name: "post_join_delay" });
    await delay.fill("soon");
    assert.match(await editor.inputValue(), /post_join_delay="soon"/);
    const problems = page.getByRole("list", { name: "Problems" });
    await problems.getByText(/post_join_delay/).waitFor();
    await page.locator(".marks .problem-error em").getByText("post_join_delay").waitFor(); // In its line.
    const stage = page.getByRole("button", { name: "Stage on all nodes" });
    assert.equal(await stage.isDisabled(), true);

    await delay.fill("7");
    const wanted = await editor.inputValue();
    await editor.fill(wanted.replace(/<method name="ilo">.*?<\/method>/s, ""));
    const turned = page.getByRole("list", { name: "Failures that end otherwise" });
    await turned.getByText("tpve01 falls silent", { exact: true }).waitFor();
    await editor.fill(wanted);
    await page.getByText("Every failure ends as before.").waitFor();
    await page.getByRole("region", { name: "Difference" }).getByText('post_join_delay="7"').waitFor();
    assert.deepEqual(await seriousFindings(page, "configuration"), []);
    await page.getByLabel("Comment", { exact: true }).fill("a little more patience");
    await stage.click();
    await page.getByRole("heading", { name: "Version 2 is staged" }).waitFor();
    const answers = page.getByRole("list", { name: "What the nodes say of it" });
    for (const name of rig.cluster.names) await answers.getByText(`${name}: can be used`).waitFor();
    await page.getByRole("button", { name: "Activate…" }).click();
    const dialog = page.getByRole("dialog", { name: "Activate version 2" });
    await dialog.waitFor();
    assert.equal(await page.evaluate("document.activeElement?.textContent"), "Cancel");
    await dialog.getByLabel("Goes back by itself unless confirmed within").selectOption("5");
    await dialog.getByText("bouncer config activate 2 --confirm-within 5m").waitFor();
    assert.deepEqual(await seriousFindings(page, "activate dialog"), []);
    await dialog.getByRole("button", { name: "Activate", exact: true }).click();
    await dialog.getByText("Version 2 is in force.").waitFor();
    await dialog.getByRole("button", { name: "Close" }).click();
    await page.getByText(/Version 1 comes back in 0[45]:\d\d unless somebody confirms\./).waitFor();
    await page.getByRole("button", { name: "Keep it" }).click();
    await page.getByText("Waits to be confirmed").waitFor({ state: "detached" });
    for (const name of rig.cluster.names) await page.getByText(`${name} 2`).waitFor();
    await page.getByRole("table", { name: "Versions" }).getByText("a little more patience").waitFor();
    await page.context().close();
  },
);

seen(
  "the simulator plays the core in the browser: the same trace as the command line, byte for byte",
  async () => {
    const page = await rig.open("viewer");
    await visit(page, "#/simulator");
    await page.getByRole("button", { name: "Play a story" }).click();
    for (const name of ["ifdown", "agent-lies"]) {
      const golden = await readFile(new URL(`../scenarios/${name}.scn`, import.meta.url), "utf8");
      await page.getByLabel("Story", { exact: true }).fill(golden);
      await page.getByRole("button", { name: "Play", exact: true }).click();
      await page.waitForFunction(
        (words) =>
          (
            globalThis as unknown as {
              document: { querySelector(q: string): { textContent: string } | null };
            }
          ).document
            .querySelector("[data-testid=trace]")
            ?.textContent.includes(words),
        golden.slice(0, 60),
      );
      assert.equal(await page.getByTestId("trace").textContent(), golden);
    }
    await page.getByRole("button", { name: "What if…" }).click();
    await page.getByRole("group", { name: "Falls silent" }).getByLabel("tpve02").check();
    await page.getByText(/Storage is held for .*, and released by itself\./).waitFor();
    await page.getByRole("group", { name: "Falls silent" }).getByLabel("tpve02").uncheck();
    await page.getByRole("group", { name: "Falls silent" }).getByLabel("tpve03").check();
    await page.getByText("Storage is held until a person acts.").waitFor();
    assert.deepEqual(await seriousFindings(page, "simulator"), []);
    await page.context().close();
  },
);

seen("the ifdown story, step by step, from the cut to the certificate", async () => {
  const page = await rig.open("operator");
  await visit(page, "#/demo");
  await page.getByRole("button", { name: "tpve02: hangs" }).click();
  await page.getByText("tpve02: hangs", { exact: true }).waitFor();
  await page.getByRole("button", { name: "tpve02: Pull its cables" }).click();
  await page.getByText("tpve02 is not proven off").waitFor(); // On every page.
  await visit(page, "#/overview");
  await verdictSays(page, /Storage is held for \d\d:\d\d: tpve02 is being cut off/);
  const card = page.getByTestId("victim-tpve02");
  await card.getByText(/method ilo: tpve02 off/).waitFor();
  await page.getByTestId("gate").getByText("held").waitFor();
  await page.getByTestId("node-tpve02").getByText("being cut off").waitFor();
  assert.deepEqual(await seriousFindings(page, "a victim"), []);
  assert.equal(await page.getByRole("button", { name: "Cut off…" }).count(), 0);
  const before = await card.locator(".timer").first().textContent();
  await page.waitForFunction(
    (old) =>
      (
        globalThis as unknown as { document: { querySelector(q: string): { textContent: string } | null } }
      ).document.querySelector(".victim-card .timer")?.textContent !== old,
    before,
  );
  rig.cluster.setDeviceFault("tpve02", { type: "none" });
  await verdictSays(page, /Storage is writable/);
  await page.getByTestId("gate").getByText("open").waitFor();
  await page.getByTestId("node-tpve02").getByText("off, proven").waitFor();
  assert.equal(await card.count(), 0);
  await page.getByTestId("node-tpve02").getByRole("link", { name: "fence agent" }).click();
  await page.getByRole("heading", { name: /Certificate 1: tpve02/ }).waitFor();
  await page.getByText("tpve02 read off twice").waitFor();
  await rig.cluster.hub.heal({ node: 2 });
  await untilAllOpen(rig.cluster, "tpve01");
  await visit(page, "#/overview");
  await page.getByTestId("node-tpve02").getByText("member").waitFor();
  await page.context().close();
});

seen("the manual story: a person's word, asked for with care, and seen in the certificate", async () => {
  const page = await rig.open("operator", { width: 390 });
  await rig.cluster.unit("tpve03").machine.powerOff();
  await verdictSays(page, /nobody can cut tpve03 off: a person is needed/);
  await visit(page, "#/node/tpve03");
  await page.getByRole("button", { name: "Cut off…" }).waitFor();
  assert.equal(await page.getByRole("button", { name: /It is off/ }).count(), 0);
  await visit(page, "#/overview");
  assert.equal(await page.getByRole("button", { name: "Cut off…" }).count(), 0);
  await page.getByRole("button", { name: "It is off: I made sure…" }).click();
  const dialog = page.getByRole("dialog", { name: "You say that tpve03 is off" });
  assert.deepEqual(await seriousFindings(page, "acknowledge dialog"), []);
  await dialog.getByLabel("Power cord pulled").check();
  await dialog.getByLabel("What did you see, and when?").fill("both cords in my hand");
  await dialog.getByLabel("Who else checked? (optional)").fill("boris");
  const confirm = dialog.getByRole("button", { name: /tpve03 is off: release|Read it once more/ });
  assert.equal(await confirm.isDisabled(), true);
  await dialog.getByLabel("Type tpve03 to confirm").fill("tpve03");
  assert.equal(await confirm.isDisabled(), true, "the countdown was skipped");
  await dialog.getByRole("button", { name: "tpve03 is off: release the storage" }).click();
  await dialog.getByText("tpve03 counts as off.").waitFor();
  await dialog.getByRole("button", { name: "Close" }).click();
  await verdictSays(page, /Storage is writable/);
  await page.getByTestId("node-tpve03").getByText("off, by a person's word").waitFor();
  await page.getByTestId("node-tpve03").getByRole("link", { name: "a person's word" }).click();
  await page
    .getByText(/power cord pulled; both cords in my hand; also checked by boris/)
    .first()
    .waitFor();
  await rig.cluster.unit("tpve03").machine.powerOn();
  await untilAllOpen(rig.cluster, "tpve01");
  await page.context().close();
});

seen("a page whose stream is gone says so and greys out, and comes back by itself", async () => {
  const page = await rig.open("viewer", { node: 1 });
  await page.getByTestId("age").getByText("live").waitFor();
  // Its device fails: else the others would restart it before the page is old.
  rig.cluster.setDeviceFault("tpve02", { type: "fails" });
  await rig.cluster.unit("tpve02").machine.hang();
  await page.getByTestId("banner").waitFor();
  await page.locator('.page.stale[data-freshness="stale"]').waitFor();
  await page
    .getByTestId("banner")
    .getByText(/Nothing newer is known|does not answer/)
    .waitFor();
  assert.equal(await page.getByText("Refused").count(), 0, "what nobody asked for was refused");
  rig.cluster.setDeviceFault("tpve02", { type: "none" });
  await rig.cluster.unit("tpve02").machine.powerOff();
  await rig.cluster.unit("tpve02").machine.powerOn();
  await page.locator('.page[data-freshness="fresh"]').waitFor();
  await page.getByTestId("age").getByText("live").waitFor();
  await page.context().close();
});

seen("no page complained: no script failed, and the content policy holds", () => {
  assert.deepEqual(rig.complaints, []);
});

test("the first screen is small on the wire", () => {
  const dist = new URL("../../web/dist/", import.meta.url);
  const html = readFileSync(new URL("index.html", dist), "utf8");
  const names = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map((match) => match[1] ?? "");
  assert.ok(names.length >= 2);
  const bytes = names.map((name) => {
    const packed = new URL(`${name}.br`, dist);
    return statSync(existsSync(packed) ? packed : new URL(name, dist)).size;
  });
  assert.ok(bytes.reduce((sum, size) => sum + size, 0) < 350 * 1024);
});
