/** A story with real daemons, recorded as it happens, and run through the core again. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { bootState } from "../../src/core/boot.ts";
import { step } from "../../src/core/step.ts";
import { readFlight, replayLines } from "../../src/daemon/replay.ts";
import { recordStory } from "../../src/demo/record.ts";
import { STORIES } from "../../src/stories/all.ts";

/** Daemons, their simulated hardware and a whole incident; a hanging one must not hang the run. */
const LIMIT_MS = 180_000;

test("what every daemon of a live incident decided, the core decides again", {
  timeout: LIMIT_MS,
}, async () => {
  const story = STORIES.find(({ name }) => name === "ifdown");
  assert.ok(story);
  const records = await recordStory(story);
  assert.deepEqual(
    records.map(({ node }) => node),
    ["tpve01", "tpve02", "tpve03"],
  );
  for (const { node, text } of records) {
    const { inputs, differences, thrown } = replayLines(readFlight(text), { bootState, step });
    assert.ok(inputs > 5, `${node}: ${inputs} inputs`);
    assert.deepEqual([differences, thrown], [[], undefined], node);
  }
  assert.ok(
    records.some(({ text }) => text.includes('"type":"run-agent"')),
    "somebody was fenced",
  );
});
