/** Whatever comes out of the network: parsers do not throw, and nothing reads as off that is not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeCapabilities } from "./capabilities.ts";
import { powerOf } from "./chassis.ts";
import { productFields, uuidsOf } from "./identity.ts";
import { decodeMessage, encodeMessage } from "./message.ts";
import { decodePacket, encodePlain20, isGenuine15, seal, secret15, unseal } from "./packet.ts";
import { createReplayGuard } from "./replay.ts";
import { decodeSetup, openedId, rakp2Parts } from "./setup.ts";
import { keyOf, type SessionKeys, SUITES, sessionKeys } from "./suites.ts";

const bytes = fc.uint8Array({ maxLength: 120 }).map((array) => Buffer.from(array));
/** Bytes that get past the first looks. */
const likely = fc
  .tuple(fc.constantFrom("0600ff07", "0600ff0706c0", "0600ff070600", "0600ff0702", "0600ff070000"), bytes)
  .map(([head, rest]) => Buffer.concat([Buffer.from(head, "hex"), rest]));
const suite = fc.constantFrom(...SUITES);

function keysFor(one: (typeof SUITES)[number]): SessionKeys {
  const zero = Buffer.alloc(16);
  return sessionKeys({
    suite: one,
    consoleId: Buffer.alloc(4, 1),
    bmcId: Buffer.alloc(4, 2),
    consoleRandom: zero,
    bmcRandom: zero,
    guid: zero,
    role: 0x14,
    user: Buffer.from("admin"),
    passwordKey: keyOf(Buffer.from("secret")),
    bmcKey: keyOf(Buffer.from("secret")),
  });
}

test("no parser throws on any bytes", () => {
  fc.assert(
    fc.property(fc.oneof(bytes, likely), suite, (input, one) => {
      const packet = decodePacket(input);
      if (packet?.type === "2.0") unseal(packet, one, keysFor(one));
      if (packet?.type === "1.5") assert.equal(isGenuine15(packet, secret15(Buffer.from("x"))), false);
      decodeMessage(input);
      for (const type of [0x11, 0x13, 0x15]) {
        const answer = decodeSetup(type, input);
        if (answer !== undefined) openedId(answer, one);
        if (answer !== undefined) rakp2Parts(answer);
      }
      decodeCapabilities(input);
      productFields(input);
      powerOf(input, "x");
      if (input.length >= 16) uuidsOf(input.subarray(0, 16));
    }),
    { numRuns: 2_000 },
  );
});

test("what was sealed is opened, for every suite and every length", () => {
  fc.assert(
    fc.property(bytes, suite, fc.integer({ min: 1, max: 2 ** 32 - 1 }), (payload, one, seq) => {
      const keys = keysFor(one);
      const packet = decodePacket(seal(payload, { suite: one, keys, id: Buffer.alloc(4, 9), seq }));
      assert.ok(packet?.type === "2.0");
      assert.equal(packet.seq, seq);
      assert.deepEqual(unseal(packet, one, keys), payload);
    }),
  );
});

test("whatever is changed in a signed packet, it is not opened", () => {
  const signed = fc.constantFrom(...SUITES.filter(({ integrity }) => integrity !== 0));
  fc.assert(
    fc.property(bytes, signed, fc.nat(), fc.integer({ min: 1, max: 255 }), (payload, one, where, change) => {
      const keys = keysFor(one);
      const sealed = seal(payload, { suite: one, keys, id: Buffer.alloc(4, 9), seq: 5 });
      const at = 4 + (where % (sealed.length - 4));
      sealed.writeUInt8((sealed[at] ?? 0) ^ change, at);
      const packet = decodePacket(sealed);
      assert.equal(packet?.type === "2.0" ? unseal(packet, one, keys) : undefined, undefined);
    }),
    { numRuns: 500 },
  );
});

test("messages: there and back; damaged ones are dropped", () => {
  const byte = fc.integer({ min: 0, max: 255 });
  const message = fc.record(
    {
      to: byte,
      from: byte,
      netFn: fc.integer({ min: 0, max: 63 }),
      seq: fc.integer({ min: 0, max: 63 }),
      command: byte,
      data: bytes,
    },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(message, fc.nat(), fc.integer({ min: 1, max: 255 }), (one, where, change) => {
      const encoded = encodeMessage(one);
      assert.deepEqual(decodeMessage(encoded), one);
      const at = where % encoded.length;
      encoded.writeUInt8((encoded[at] ?? 0) ^ change, at);
      assert.equal(decodeMessage(encoded), undefined);
    }),
  );
});

test("off needs a whole chassis status with its first bit clear", () => {
  fc.assert(
    fc.property(bytes, (data) => {
      const read = powerOf(data, "x");
      const isOff = data.length >= 3 && ((data[0] ?? 1) & 1) === 0;
      assert.equal(read.ok && read.value === "off", isOff);
    }),
  );
});

test("an answer of the handshake is no session packet, and the other way round", () => {
  const open = decodePacket(encodePlain20(0x11, Buffer.alloc(36)));
  const [one] = SUITES.slice(2);
  assert.ok(open?.type === "2.0" && one !== undefined);
  assert.equal(unseal(open, one, keysFor(one)), undefined);
  assert.equal(decodeSetup(0x00, Buffer.alloc(36)), undefined);
});

test("no packet counts twice, none from long ago; out of order is fine", () => {
  const isFresh = createReplayGuard();
  assert.deepEqual([1, 3, 2, 3, 1, 0].map(isFresh), [true, true, true, false, false, false]);
  assert.equal(isFresh(100), true);
  assert.deepEqual([68, 69, 69].map(isFresh), [false, true, false]);
  for (let seq = 101; seq < 1_000; seq++) assert.equal(isFresh(seq), true);
  for (let seq = 1; seq < 1_000; seq++) {
    if (seq <= 999 - 32 || seq > 100) assert.equal(isFresh(seq), false);
  }
});
