import assert from "node:assert/strict";
import { test } from "node:test";
import { CS } from "./cs.ts";
import { retryBusy } from "./retry-busy.ts";

test("a busy Corosync is asked again; any other answer is the last one", async () => {
  const codes = [CS.tryAgain, CS.tryAgain, CS.ok, 17];
  let asked = 0;
  assert.equal(await retryBusy(async () => codes[asked++] ?? 0), CS.ok);
  assert.equal(asked, 3);
  assert.equal(await retryBusy(async () => codes[asked++] ?? 0), 17);
  assert.equal(asked, 4);
});
