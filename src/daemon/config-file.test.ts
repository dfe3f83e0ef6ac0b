import assert from "node:assert/strict";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { CONFIG_BYTES_MAX } from "../config/limits.ts";
import { type ConfigTree, readTree } from "../config/tree.ts";
import type { Input } from "../core/inputs.ts";
import type { State } from "../core/state.ts";
import { loadConfigFile } from "./config-file.ts";
import { createConfigKeeper } from "./config-keeper.ts";

const CONFIG = `<cluster name="c" config_version="3"><clusternodes>
  <clusternode name="n1" nodeid="1"/></clusternodes></cluster>`;
const inline = async (bytes: Uint8Array): Promise<ConfigTree> => readTree(bytes);

function fileWith(t: TestContext, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "bouncer-config-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "cluster.conf");
  writeFileSync(path, text);
  return path;
}

test("a file of any size costs the same: only its beginning is read", async (t) => {
  const path = fileWith(t, CONFIG);
  truncateSync(path, 100 * 1024 * 1024);
  let length = 0;
  const reading = loadConfigFile(path, async (bytes) => {
    length = bytes.length;
    return inline(bytes);
  });
  await assert.rejects(reading, { code: "CFG_INVALID", message: /more than \d+ bytes/ });
  assert.equal(length, CONFIG_BYTES_MAX + 1);
});

test("a reader that gives no answer is an error with the file's name", async (t) => {
  const path = fileWith(t, CONFIG);
  const reading = loadConfigFile(path, () => Promise.reject(new Error("the thread that reads XML ended")));
  await assert.rejects(reading, {
    code: "CFG_UNREADABLE",
    message: `${path} was not read: the thread that reads XML ended (CFG_UNREADABLE)`,
  });
});

test("while the reader gives no answer, the old configuration stays in force", async (t) => {
  const path = fileWith(t, CONFIG);
  const first = await loadConfigFile(path, inline);
  let readTreeNow = inline;
  const inputs: Input[] = [];
  const said: string[] = [];
  const keeper = createConfigKeeper({
    first,
    load: () => loadConfigFile(path, readTreeNow),
    traits: async () => [],
    feed: (input) => void inputs.push(input),
    state: () => ({ operations: [] }) as unknown as State,
    story: { say: (_level, what) => void said.push(what) } as Parameters<
      typeof createConfigKeeper
    >[0]["story"],
  });
  writeFileSync(path, CONFIG.replace('"3"', '"4"'));
  readTreeNow = () => Promise.reject(new Error("the thread that reads XML ended"));
  await keeper.reload();
  assert.equal(keeper.inForce(), first);
  assert.match(keeper.problem() ?? "", /was not read/);
  assert.deepEqual([inputs, said], [[], ["config-refused"]]);

  readTreeNow = inline;
  await keeper.reload();
  assert.equal(keeper.problem(), undefined);
  assert.equal(keeper.inForce().config.version, 4);
  assert.deepEqual(
    inputs.map(({ type }) => type),
    ["config"],
  );
});
