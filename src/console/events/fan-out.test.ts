import assert from "node:assert/strict";
import { test } from "node:test";
import { missedSince } from "./fan-out.ts";

const lines = (...ids: string[]) => ids.map((id) => ({ id }));

test("what a reader missed, by its last id", () => {
  const cases: [kept: string[], id: string | undefined, missed: string[], complete: boolean][] = [
    [["r-1", "r-2"], undefined, ["r-1", "r-2"], true],
    [["r-1", "r-2", "r-5"], "r-2", ["r-5"], true],
    [["r-1", "r-2", "r-5"], "r-4", ["r-5"], true], // The id of a status between the lines.
    [["r-1", "r-2"], "r-9", [], true],
    [["r-3", "r-4"], "r-1", ["r-3", "r-4"], true], // Few lines: none were dropped.
    [["r-8", "s-1", "s-2"], "r-8", ["s-1", "s-2"], true], // The daemon was restarted meanwhile.
    [["r-8", "s-1"], "q-3", ["r-8", "s-1"], false],
    [[], "r-1", [], false],
    [["r-1"], "nonsense", ["r-1"], false],
  ];
  for (const [kept, id, missed, complete] of cases) {
    assert.deepEqual(
      missedSince(lines(...kept), id),
      { missed: lines(...missed), complete },
      `${kept} ${id}`,
    );
  }
});

test("lines that were dropped are told", () => {
  const kept = lines(...Array.from({ length: 512 }, (_, index) => `r-${index + 100}`));
  assert.equal(missedSince(kept, "r-5").complete, false);
  assert.equal(missedSince(kept, "r-100").complete, true);
});
