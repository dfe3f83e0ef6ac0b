import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Worker } from "node:worker_threads";
import { CONFIG_BYTES_MAX, ELEMENTS_MAX } from "../../config/limits.ts";
import { configOf } from "../../config/model.ts";
import { readTree } from "../../config/tree.ts";
import { JOB_MS_MAX, JOBS_WAITING_MAX } from "./limits.ts";
import { openXmlThread, type XmlThread, type XmlThreadOptions } from "./xml-thread.ts";

const CONFIG = `<cluster name="c" config_version="3"><clusternodes>
  <clusternode name="n1" nodeid="1"/></clusternodes></cluster>`;
const METADATA = `<resource-agent name="fence_x" shortdesc="X"><parameters><parameter name="ip" required="1"/>
  </parameters><actions><action name="off"/></actions></resource-agent>`;

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function open(t: TestContext, options?: XmlThreadOptions): XmlThread {
  const thread = openXmlThread(options);
  t.after(thread.close);
  return thread;
}

/** A thread that does this with every job. */
function entryOf(onJob: string): URL {
  const code = `import { parentPort } from "node:worker_threads"; parentPort.on("message", (job) => { ${onJob} });`;
  return new URL(`data:text/javascript,${encodeURIComponent(code)}`);
}

/** A thread that does this with its very first job, and from then on is the real one. */
function entryWithBadStart(t: TestContext, onFirstJob: string): URL {
  const folder = mkdtempSync(join(tmpdir(), "bouncer-xml-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const mark = join(folder, "begun");
  const file = join(folder, "entry.mjs");
  writeFileSync(
    file,
    `import ${JSON.stringify(new URL("./worker.ts", import.meta.url).href)};
import { existsSync, writeFileSync } from "node:fs";
import { parentPort } from "node:worker_threads";
if (!existsSync(${JSON.stringify(mark)})) {
  parentPort.removeAllListeners("message");
  parentPort.on("message", () => { writeFileSync(${JSON.stringify(mark)}, ""); ${onFirstJob} });
}
`,
  );
  return pathToFileURL(file);
}

test("the thread gives what the reader gives, also of broken files", async (t) => {
  const thread = open(t);
  const texts = [
    CONFIG,
    "",
    "<cluster",
    `<cluster name="c"><fencedevice passwd=geheim/></cluster>`,
    `<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>`,
    "<a><b></a>",
    "\u0000",
  ];
  const trees = await Promise.all(texts.map((text) => thread.readConfig(bytesOf(text))));
  texts.forEach((text, index) => {
    assert.deepEqual(trees[index], readTree(bytesOf(text)), text);
    assert.equal(trees[index]?.root === undefined, text !== CONFIG, text);
    assert.equal(JSON.stringify(trees[index]).includes("geheim"), false);
  });
  assert.equal(configOf(trees[0] ?? assert.fail()).config?.version, 3);
});

test("an agent's description; no description is not an error", async (t) => {
  const thread = open(t);
  const found = await thread.readMetadata(METADATA);
  assert.equal(found?.name, "fence_x");
  assert.deepEqual(
    found.parameters.map(({ name, required }) => [name, required]),
    [["ip", true]],
  );
  assert.equal(await thread.readMetadata("command not found"), undefined);
});

test("the largest file is read, a larger one is refused in words", async (t) => {
  const thread = open(t);
  const nodes = "<x/>".repeat(ELEMENTS_MAX - 1);
  const start = `<cluster name="c" config_version="1">${nodes}`;
  const end = "</cluster>";
  const full = bytesOf(start + " ".repeat(CONFIG_BYTES_MAX - start.length - end.length) + end);
  assert.equal(full.length, CONFIG_BYTES_MAX);
  const tree = await thread.readConfig(full);
  assert.equal(tree.root?.children.length, ELEMENTS_MAX - 1);
  const { root, digest, problems } = await thread.readConfig(new Uint8Array(CONFIG_BYTES_MAX + 1));
  assert.deepEqual([root, digest], [undefined, undefined]);
  assert.match(problems[0]?.what ?? "", /more than \d+ bytes/);
});

test("a file with countless faults says how many it does not list", async (t) => {
  const long = `<x y="${"v".repeat(3)}&#10;"/>`.repeat(500);
  const tree = await open(t).readConfig(bytesOf(`<cluster name="c" config_version="1">${long}</cluster>`));
  const { config, problems } = configOf(tree);
  assert.equal(config, undefined);
  assert.match(problems.at(-1)?.what ?? "", /^300 more problems/);
});

test("the thread ends when nothing waits, and comes back when there is something", async (t) => {
  const thread = open(t, { idleMs: 1 });
  for (let round = 0; round < 2; round++) {
    const started = once(process, "worker") as Promise<[Worker]>;
    const reading = thread.readConfig(bytesOf(CONFIG));
    const [worker] = await started;
    const ended = once(worker, "exit");
    assert.ok((await reading).root);
    await ended;
  }
});

test("a thread that rests is gone; one that works is left alone", async (t) => {
  const thread = open(t, { idleMs: 60_000 });
  const started = once(process, "worker") as Promise<[Worker]>;
  const reading = thread.readConfig(bytesOf(CONFIG));
  const [worker] = await started;
  await thread.rest();
  assert.ok((await reading).root);
  const ended = once(worker, "exit");
  await thread.rest();
  await ended;
  assert.ok((await thread.readConfig(bytesOf(CONFIG))).root);
});

for (const [what, onFirstJob, why] of [
  ["is killed", "process.exit(9);", /thread that reads XML ended/],
  ["runs out of memory", "const a = []; for (;;) a.push(new Array(1e5).fill({}));", /OUT_OF_MEMORY/],
  ["throws", `throw new TypeError("passwd='geheim'");`, /died \(TypeError\)$/],
  ["hangs", "for (;;);", /took longer than 3000 ms/],
] as const) {
  test(`a thread that ${what} fails its own job and no other`, async (t) => {
    const thread = open(t, {
      entry: entryWithBadStart(t, onFirstJob),
      jobMsMax: what === "hangs" ? 3_000 : JOB_MS_MAX,
    });
    const first = assert.rejects(thread.readConfig(bytesOf(CONFIG)), (error: Error) => {
      assert.match(error.message, why);
      assert.doesNotMatch(error.message, /geheim/);
      return true;
    });
    const second = thread.readConfig(bytesOf(CONFIG));
    await first;
    assert.deepEqual(await second, readTree(CONFIG));
  });
}

test("a description that hangs the reader counts as none", async (t) => {
  const thread = open(t, { entry: entryOf("for (;;);"), jobMsMax: 200 });
  assert.equal(await thread.readMetadata(METADATA), undefined);
});

test("what waits is bounded, and told when the thread is closed", async (t) => {
  const thread = open(t, { entry: entryOf("") });
  const reading = Array.from({ length: JOBS_WAITING_MAX + 1 }, () => thread.readConfig(bytesOf(CONFIG)));
  const told = Promise.allSettled(reading);
  await assert.rejects(thread.readConfig(bytesOf(CONFIG)), /has 64 texts to read already/);
  thread.close();
  for (const result of await told) {
    assert.match(String(result.status === "rejected" && result.reason), /is closed/);
  }
  await assert.rejects(thread.readConfig(bytesOf(CONFIG)), /is closed/);
});
