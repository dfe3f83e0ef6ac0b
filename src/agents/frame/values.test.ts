import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { COMMON, PASSWORD } from "./library.ts";
import { Values } from "./values.ts";

const PARAMETERS = [...COMMON, ...PASSWORD];

test("defaults fill in, and are told from what was given", () => {
  const values = new Values(PARAMETERS, new Map([["power_wait", "4"]]));
  assert.equal(values.text("power_wait"), "4");
  assert.equal(values.text("power_timeout"), "20");
  assert.equal(values.isGiven("power_wait"), true);
  assert.equal(values.isGiven("power_timeout"), false);
});

test("switches that are named with a word for off are off", () => {
  const on = (text: string): boolean => new Values([], new Map([["x", text]])).isOn("x");
  assert.deepEqual(["1", "yes", "On", "TRUE"].map(on), [true, true, true, true]);
  assert.deepEqual(["0", "no", "Off", "FALSE", ""].map(on), [false, false, false, false, false]);
  assert.equal(new Values([], new Map()).isOn("x"), false);
});

test("numbers are finite, or the fallback", () => {
  const number = (text: string): number => new Values([], new Map([["x", text]])).number("x", 7);
  assert.deepEqual([" 3 ", "-1", "0.5", "1e9", "Infinity", "x", ""].map(number), [3, -1, 0.5, 7, 7, 7, 7]);
});

test("changes make another one", () => {
  const before = new Values(PARAMETERS, new Map([["password", "a"]]));
  const after = before.with({ password: "b", power_timeout: undefined, delay: "3" });
  assert.deepEqual([before.text("password"), after.text("password")], ["a", "b"]);
  assert.equal(after.text("power_timeout"), undefined);
  assert.equal(after.isGiven("delay"), true);
  assert.equal(before.isGiven("delay"), false);
});

test("it does not print itself", () => {
  const values = new Values(PARAMETERS, new Map([["password", "canary"]]));
  const texts = [String(values), JSON.stringify({ values }), inspect(values, { depth: 9, showHidden: true })];
  for (const text of texts) assert.ok(!text.includes("canary"), text);
  assert.deepEqual(values.secrets(PARAMETERS), ["canary"]);
});
