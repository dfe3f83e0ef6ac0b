import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createBoundedOutput } from "./bounded-output.ts";

test("however it arrives: beginning and end are right, memory is bounded, nothing is miscounted", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ maxLength: 30 }), { maxLength: 30 }),
      fc.nat(40),
      fc.nat(10),
      (parts, h, tl) => {
        const all = Buffer.from(parts.join("")).toString("latin1");
        const output = createBoundedOutput({ headBytes: h, tailBytes: tl });
        for (const part of parts) output.push(Buffer.from(part));
        const { head, tail, bytesLost } = output.output();
        assert.equal(output.bytesSeen(), all.length);
        assert.equal(head.length + tail.length + bytesLost, all.length);
        assert.equal(bytesLost, Math.max(0, all.length - h - tl));
        assert.ok(all.startsWith(head));
        assert.ok(all.endsWith(tail));
      },
    ),
    { numRuns: 500 },
  );
});

test("a character on the border is whole when nothing is lost", () => {
  const output = createBoundedOutput({ headBytes: 2, tailBytes: 10 });
  output.push(Buffer.from("aé€"));
  assert.deepEqual(output.output(), { head: "aé€", tail: "", bytesLost: 0 });
});
