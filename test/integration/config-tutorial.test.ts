/**
 * docs/config-tutorial.md shows what the story `config-life` types and gets. To accept a change:
 * DOCS_REWRITE=1, then read the diff.
 */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { test } from "node:test";
import { openDemoStage } from "../../src/demo/stage.ts";
import { configLife } from "../../src/stories/config-life.ts";

const PAGE = new URL("../../docs/config-tutorial.md", import.meta.url);
const BEGIN = "<!-- transcript: written by DOCS_REWRITE=1 -->\n\n```\n";
const END = "```\n\n<!-- end of transcript -->\n";

/** What differs from run to run, and from machine to machine. */
function settled(text: string, root: string): string {
  return text
    .replaceAll(root, "/demo")
    .replaceAll(/\/demo\/tpve\d\d\//g, "/etc/cluster/")
    .replaceAll(/\b[0-9a-f]{64}\b/g, "5d1e77c0ffee…")
    .replaceAll(/\b[0-9a-f]{12}\b/g, "5d1e77c0ffee")
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, "2026-11-25 12:00:00")
    .replaceAll(/\b\d\d:\d\d:\d\d\b/g, "12:00:00")
    .replaceAll(/\bepoch \d+/g, "epoch 7")
    .replaceAll(userInfo().username, "root");
}

/** Terminals wrap, and paths have lengths: only the words count. */
function words(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

test("the page shows what really happens", { timeout: 240_000 }, async () => {
  const said: string[] = [];
  const stage = await openDemoStage(configLife.options, (line) => void said.push(line));
  const { root } = stage.cluster.layout;
  try {
    await configLife.play(stage);
  } finally {
    await stage.close();
  }
  const transcript = `${settled(said.join("\n"), root)}\n`;
  const page = readFileSync(PAGE, "utf8");
  const [head = "", rest = ""] = page.split(BEGIN);
  const [shown = "", tail = ""] = rest.split(END);
  if (process.env["DOCS_REWRITE"] === "1") {
    writeFileSync(PAGE, head + BEGIN + transcript + END + tail);
    return;
  }
  assert.equal(words(shown), words(transcript));
});
