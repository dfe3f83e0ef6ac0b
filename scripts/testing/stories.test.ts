import assert from "node:assert/strict";
import { test } from "node:test";
import { createTally } from "./stories.ts";

const GOOD = '{"story":"crash","ok":true,"nodes":3,"timings":{"thaw_ms":80},"why":[]}';
const BAD = '{"story":"hang","ok":false,"nodes":3,"timings":{},"why":[]}';

function tallied(lines: readonly string[], exitOk: boolean) {
  const tally = createTally();
  for (const line of lines) tally.take(line);
  return tally.close(exitOk);
}

test("stories count as tests", () => {
  const { counts, problems } = tallied([GOOD, GOOD, '{"stories":2,"passed":2}'], true);
  assert.deepEqual(counts, { passed: 2, failed: 0, skipped: 0 });
  assert.deepEqual(problems, []);
});

test("a story that failed is one failure, whatever the closing line says", () => {
  assert.deepEqual(tallied([GOOD, BAD, '{"stories":2,"passed":1}'], false).counts.failed, 1);
  assert.deepEqual(tallied([GOOD, BAD, '{"stories":2,"passed":2}'], false).counts.failed, 2);
});

test("each contradiction is a failure of its own", () => {
  const cases: [readonly string[], boolean, RegExp][] = [
    [[GOOD], true, /closing line is missing/],
    [[GOOD, '{"stories":3,"passed":3}'], true, /contradicts the 1 stories/],
    [[GOOD, '{"stories":1,"passed":1}'], false, /exit code contradicts/],
    [[BAD, '{"stories":1,"passed":0}'], true, /exit code contradicts/],
    [["installing ...", GOOD, '{"stories":1,"passed":1}'], true, /must be JSON lines/],
  ];
  for (const [lines, exitOk, problem] of cases) {
    const { counts, problems } = tallied(lines, exitOk);
    assert.match(problems.join(), problem);
    assert.ok(counts.failed > 0);
  }
});

test("what is printed names the story and how it ended", () => {
  assert.match(createTally().take(GOOD), /^ok {6}crash {2}\{"thaw_ms":80\}$/);
  assert.match(createTally().take(BAD), /^FAILED {2}hang/);
});
