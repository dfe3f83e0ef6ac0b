import assert from "node:assert/strict";
import { test } from "node:test";
import { createShare } from "./share.ts";

test("an answer serves whoever asks soon after, and no longer", async () => {
  let at = 0;
  let done = 0;
  const share = createShare<number>(100, () => at);
  const work = async (): Promise<number> => ++done;
  assert.deepEqual(await Promise.all([share.get("a", work), share.get("a", work)]), [1, 1]);
  assert.equal(await share.get("b", work), 2);
  at = 99;
  assert.equal(await share.get("a", work), 1);
  at = 100;
  assert.equal(await share.get("a", work), 3);
});

test("a failure is not kept", async () => {
  const share = createShare<number>(100, () => 0);
  await assert.rejects(
    share.get("a", () => Promise.reject(new Error("no"))),
    /no/,
  );
  assert.equal(await share.get("a", async () => 7), 7);
});
