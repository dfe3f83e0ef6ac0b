import assert from "node:assert/strict";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { CONFIG_BYTES_MAX } from "../config/limits.ts";
import { type ConfigTree, readTree } from "../config/tree.ts";
import { readConfig, readConfigFile } from "./config-file.ts";

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
  const bytes = await readConfigFile(path);
  assert.equal(bytes.length, CONFIG_BYTES_MAX + 1);
  await assert.rejects(readConfig(bytes, path, inline), {
    code: "CFG_INVALID",
    message: /more than \d+ bytes/,
  });
});

test("a reader that gives no answer is an error with the file's name", async () => {
  const reading = readConfig(new TextEncoder().encode(CONFIG), "/etc/c.conf", () =>
    Promise.reject(new Error("the thread that reads XML ended")),
  );
  await assert.rejects(reading, {
    code: "CFG_UNREADABLE",
    message: "/etc/c.conf was not read: the thread that reads XML ended (CFG_UNREADABLE)",
  });
});
