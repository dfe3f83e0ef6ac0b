/** Names, agents' output, comments and people's words that are scripts: the page shows them as they are written. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { chromium, type Page } from "playwright-core";
import type { z } from "zod";
import type { Backend } from "../../src/adapters/http/backend.ts";
import type { Incident } from "../../src/api/incident.ts";
import type { StatusView } from "../../src/core/view/types.ts";
import { openRig, STATUS } from "../integration/console/rig.ts";
import { CHROMIUM, FLAGS, PATIENCE_MS, visit } from "./rig.ts";

const SCRIPT = `"><img id=owned src=x onerror="document.title='owned'"><script>document.title='owned'</script>`;
const DIST = join(import.meta.dirname, "..", "..", "web", "dist");
const AT = Date.now();
const STEP = {
  at: AT,
  executor: 1,
  attempt: 1,
  method: SCRIPT,
  methodIndex: 0,
  device: SCRIPT,
  deviceIndex: 0,
  agent: SCRIPT,
  action: SCRIPT,
  result: "failed",
  tookMs: 5,
  text: SCRIPT,
} as const;
const EVIDENCE = { grade: "A", source: SCRIPT, at: AT, by: 1 } as const;
const NODE = { present: true, methods: [SCRIPT] } as const;
const HOSTILE: StatusView = {
  ...STATUS,
  cluster: SCRIPT,
  at: AT,
  gate: "frozen",
  gateSince: AT,
  nodes: [
    { ...NODE, id: 1, name: "n1", state: "member", master: true },
    { ...NODE, id: 2, name: SCRIPT, state: "victim", master: false },
  ],
  victims: [
    {
      id: 2,
      name: SCRIPT,
      cause: "node-down",
      stage: "stuck",
      reason: SCRIPT,
      attempt: 2,
      rounds: 1,
      doing: SCRIPT,
      steps: [STEP],
      evidence: [EVIDENCE],
    },
  ],
  why: [
    {
      code: "victim",
      node: SCRIPT,
      step: SCRIPT,
      reason: SCRIPT,
      endsWhen: SCRIPT,
      actions: [{ command: SCRIPT, risk: SCRIPT }],
    },
  ],
  inUse: [SCRIPT],
  warnings: [SCRIPT],
};
const INCIDENT = {
  seq: 1,
  node: 2,
  name: SCRIPT,
  how: "override",
  cause: "node-down",
  firstSeenAt: AT,
  doneAt: AT,
  attempts: 1,
  executor: 1,
  configVersion: 1,
  epoch: 1,
  evidence: [EVIDENCE],
  steps: [STEP],
  previousHash: SCRIPT,
  hash: SCRIPT,
} satisfies z.infer<typeof Incident>;
const BACKEND: Partial<Backend> = {
  status: () => HOSTILE,
  history: async () => ({ incidents: [INCIDENT] }),
  locks: () => ({
    count: 1,
    more: 0,
    resources: [
      {
        lockspace: "lvm",
        name: SCRIPT,
        locks: [{ node: SCRIPT, owner: SCRIPT, mode: "EX", since: AT, persistent: false, why: SCRIPT }],
      },
    ],
  }),
  volumes: async () => ({
    node: SCRIPT,
    answers: true,
    groups: [
      {
        name: SCRIPT,
        uuid: SCRIPT,
        started: [SCRIPT],
        volumes: [{ name: SCRIPT, uuid: SCRIPT, holders: [{ node: SCRIPT, mode: "EX", since: AT }] }],
        commands: [{ node: SCRIPT, owner: SCRIPT, mode: "EX" }],
        waiting: [{ node: SCRIPT, owner: SCRIPT, since: AT, why: SCRIPT }],
      },
    ],
    mapped: [{ group: SCRIPT, volume: SCRIPT, uuid: SCRIPT, open: 1, suspended: false }],
  }),
  subscribe(_, send) {
    send({ type: "status", id: "run-0", data: HOSTILE });
    send({
      type: "log",
      id: "run-1",
      data: { at: AT, level: "warn", code: SCRIPT, text: SCRIPT, node: 2 },
    });
    return () => {};
  },
};

async function openPage(t: TestContext, link: string, complaints: string[]): Promise<Page> {
  const browser = await chromium.launch({ executablePath: CHROMIUM, headless: true, args: FLAGS });
  t.after(() => browser.close());
  const page = await browser.newPage({ ignoreHTTPSErrors: true });
  page.setDefaultTimeout(PATIENCE_MS);
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && !/net::ERR|status of [45]/.test(message.text()))
      complaints.push(message.text());
  });
  page.on("dialog", (dialog) => complaints.push(`it asked ${dialog.message()}`));
  await page.goto(link);
  return page;
}

const skip = existsSync(CHROMIUM) ? false : `${CHROMIUM} is not installed`;

test("what others have written is text on every page", { skip, timeout: 2 * PATIENCE_MS }, async (t) => {
  const rig = await openRig(t, { pages: DIST }, BACKEND);
  const { url } = await rig.shell.link({ role: "admin", by: "root" });
  await rig.shell.tokenAdd({ name: SCRIPT.slice(0, 64), role: "viewer", days: 1 });
  const complaints: string[] = [];
  const page = await openPage(t, url, complaints);
  await page.getByTestId("verdict").waitFor();
  const node = encodeURIComponent(SCRIPT);
  for (const place of ["overview", `node/${node}`, "incidents", "incidents/1", "access"]) {
    await visit(page, `#/${place}`);
    await page.locator("main .panel").first().waitFor();
    await page
      .locator("main")
      .getByText("document.title='owned'")
      .or(page.getByText("<img id=owned"))
      .first()
      .waitFor();
    assert.equal(await page.locator("#owned, main script, main img").count(), 0, place);
    assert.notEqual(await page.title(), "owned", place);
  }
  await visit(page, "#/overview");
  for (const table of ["Who has which volume", "Who holds what"]) {
    await page.getByRole("table", { name: table }).getByText("<img").first().waitFor();
  }
  await page.getByRole("button", { name: "It is off: I made sure…" }).click();
  await page.getByRole("dialog").waitFor();
  assert.equal(await page.locator("#owned").count(), 0);
  assert.deepEqual(complaints, []);
});
