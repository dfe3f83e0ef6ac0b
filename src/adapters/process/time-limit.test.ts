import assert from "node:assert/strict";
import { test } from "node:test";
import { lookWithin } from "./time-limit.ts";

test("what hangs is not looked at again until it answers", { timeout: 30_000 }, async () => {
  const disk = Promise.withResolvers<string>();
  let looks = 0;
  const look = (what: string): Promise<string> =>
    lookWithin(
      what,
      () => {
        looks++;
        return disk.promise;
      },
      20,
      "no answer",
    );
  assert.equal(await look("a"), "no answer");
  assert.equal(await look("a"), "no answer");
  assert.equal(await look("a"), "no answer");
  assert.equal(looks, 1);
  assert.equal(await look("b"), "no answer");
  assert.equal(looks, 2, "another disk is another matter");
  disk.resolve("there");
  await disk.promise;
  assert.equal(await look("a"), "there");
});

test("a look that fails is no reason to look no more", { timeout: 30_000 }, async () => {
  const fails = (): Promise<string> => Promise.reject(new Error("EIO"));
  assert.equal(await lookWithin("c", fails, 20, "nothing"), "nothing");
  assert.equal(await lookWithin("c", () => Promise.resolve("there"), 20, "nothing"), "there");
});
