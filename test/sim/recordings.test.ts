/**
 * What daemons really were fed runs through today's core: it must decide the same. The records are named by
 * the version that made them. Before a version is released its own may be made anew, when the core is
 * meant to decide otherwise: `npm run record`. Those of released versions stay as they are.
 */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { bootState } from "../../src/core/boot.ts";
import { step } from "../../src/core/step.ts";
import { readFlight, replayLines } from "../../src/daemon/replay.ts";

const DIRECTORY = new URL("../recordings/", import.meta.url);
const FILES = globSync("*.ndjson", { cwd: DIRECTORY.pathname }).sort();

for (const file of FILES) {
  test(file, () => {
    const lines = readFlight(readFileSync(new URL(file, DIRECTORY), "utf8"));
    const { differences, thrown, inputs } = replayLines(lines, { bootState, step }, { compare: "decisions" });
    assert.equal(thrown, undefined);
    assert.equal(differences[0], undefined, "decided otherwise; if that is meant: npm run record");
    assert.ok(inputs > 10);
  });
}

test("a whole incident is among them, from the loss to the certificate", () => {
  const all = FILES.map((file) => readFileSync(new URL(file, DIRECTORY), "utf8")).join("");
  for (const part of ['"type":"run-agent"', '"type":"victim-done"', '"type":"thaw"', '"how":"agent"']) {
    assert.ok(all.includes(part), part);
  }
});

test("every record has a version and a story in its name", () => {
  assert.ok(FILES.length >= 6, `${FILES.length} records`);
  for (const file of FILES) assert.match(file, /^\d+\.\d+\.\d+-[a-z-]+-[a-z0-9]+\.ndjson$/);
});

test("a core that decides otherwise is found out at its first input", () => {
  const [file = ""] = FILES;
  const lines = readFlight(readFileSync(new URL(file, DIRECTORY), "utf8"));
  const mute: typeof step = (state, input, now) => {
    const next = step(state, input, now);
    return { ...next, effects: next.effects.filter(({ type }) => type !== "multicast") };
  };
  const { differences } = replayLines(lines, { bootState, step: mute }, { compare: "decisions" });
  const [first] = differences;
  assert.match(first?.recorded ?? "", /^\{"type":"multicast"/);
  assert.ok(first?.input !== undefined && first.line > 1);
});
