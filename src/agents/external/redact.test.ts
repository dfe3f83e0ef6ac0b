import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createRedact } from "./redact.ts";

test("one line of at most 300 characters, without control characters", () => {
  const redact = createRedact([]);
  assert.equal(redact("a\u001b[31mb\r\n\tc\u202ed"), "a[31mb cd");
  assert.equal(redact("x".repeat(1_000)).length, 300);
});

test("a secret that begins with another one goes as a whole", () => {
  assert.equal(createRedact(["ab", "abc"])("x abc y"), "x [secret] y");
});

test("a secret that is interrupted by control characters goes too", () => {
  assert.equal(createRedact(["hidden"])("x hid\u0007den y"), "x [secret] y");
});

test("one letter is a secret as well, and the mark itself is not taken apart", () => {
  assert.equal(createRedact(["e"])("see"), "s[secret][secret]");
});

test("no secret survives, whatever stands around it", () => {
  const text = fc.string({ maxLength: 40, unit: "binary" });
  const secret = fc.string({ minLength: 12, maxLength: 24 }).filter((value) => value.trim().length >= 12);
  fc.assert(
    fc.property(text, secret, text, (before, value, after) => {
      for (const form of [value, encodeURIComponent(value), Buffer.from(value).toString("base64")]) {
        const shown = createRedact([value])(before + form + after);
        assert.ok(!shown.includes(form), `${form} in ${shown}`);
      }
    }),
    { numRuns: 500 },
  );
});
