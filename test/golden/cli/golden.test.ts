/**
 * Every transcript, byte for byte. To accept a change: GOLDEN_REWRITE=1, then read the diff and
 * explain every changed line in the commit message.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { parseTranscript, play } from "./transcript.ts";

process.env.TZ = "UTC";
const DIR = new URL("./", import.meta.url);
/** A transcript takes a second at most; a hanging command must not hang the run. */
const LIMIT_MS = 60_000;
const REWRITE = process.env.GOLDEN_REWRITE === "1";

for (const file of readdirSync(DIR).filter((name) => name.endsWith(".txt"))) {
  test(file, { timeout: LIMIT_MS }, async (t) => {
    const text = readFileSync(new URL(file, DIR), "utf8");
    const blocks = parseTranscript(text);
    assert.ok(blocks.length > 0, "the transcript has no block");
    const played: string[] = [];
    for (const block of blocks) {
      const actual = await play(block);
      played.push(actual);
      if (REWRITE) continue;
      await t.test(`${block.world}: ${block.command}`, () => {
        assert.ok(`${text}\n\n`.includes(`${actual}\n`), `the transcript differs; now it is:\n${actual}`);
      });
    }
    if (REWRITE) writeFileSync(new URL(file, DIR), played.join("\n"));
    else assert.equal(played.join("\n"), text);
  });
}
