import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Body, Message } from "../core/messages.ts";
import { epochOf, helloOf, incarnationOf, ledgerOf, victimOf } from "../core/testing.ts";
import { ATTACHMENT_BYTES_MAX, decodeMessage, encodeMessage, MESSAGE_BYTES_MAX } from "./message.ts";

const step = {
  at: 1,
  executor: 1,
  attempt: 3,
  method: "ilo",
  methodIndex: 0,
  device: "ilo2",
  deviceIndex: 0,
  agent: "fence_x",
  action: "status",
  result: "ok",
  tookMs: 12.5,
  power: "off",
  text: "Status: OFF — ü",
} as const;
const evidence = [{ grade: "A", source: "ilo2 read off twice", at: 2, by: 1 }] as const;
const incarnation = incarnationOf(2);
const victim = victimOf(2, { steps: [step], evidence, lastRead: { device: "ilo2", power: "on", at: 1 } });

const stamp = {
  version: 8,
  digest: "d8",
  by: "root@tpve01",
  at: 2,
  comment: "new iLO",
  confirm: { withinMs: 300_000, until: 300_002, back: { version: 7, digest: "d7" } },
};
const report = { node: 2, ok: false, problems: ["fence_x is not installed"] };
const staged = {
  version: 9,
  digest: "d9",
  by: "root",
  at: 3,
  comment: "",
  base: "d8",
  floor: 8,
  reports: [report],
};
const { locks: _locks, ...wireLedger } = ledgerOf([1, 2], { victims: [victim] });
const { locks: _more, ...wireConfigs } = ledgerOf([1, 2], {
  configs: { activated: [stamp], lastVersion: 8, staged, wish: stamp, carried: stamp },
});

/** One of each kind, with every optional field once present and once absent. */
const BODIES: { readonly [T in Body["type"]]: readonly Extract<Body, { type: T }>[] } = {
  hello: [
    helloOf(1, {
      shots: [{ node: 2, attempt: 1 }],
      missedAt: [{ node: 2, at: 5 }],
      durable: epochOf(3, [1, 2]),
    }),
  ],
  "volume-refresh": [
    { type: "volume-refresh", number: 3, lockspace: "lvm_san0", uuid: "a-b", path: "/dev//san0/vm" },
  ],
  "volume-refreshed": [
    { type: "volume-refreshed", of: 2, number: 3 },
    { type: "volume-refreshed", of: 2, number: 3, problem: "lvchange: no" },
  ],
  readiness: [
    { type: "readiness", entries: [] },
    {
      type: "readiness",
      machine: { serial: "CZ1", uuid: "33313835-3335-435a-4a32-303830313233", product: "DL380" },
      entries: [
        {
          node: 2,
          deviceName: "ilo2",
          plug: "",
          standing: "failing",
          power: "unknown",
          tookMs: 12,
          ageMs: 3,
          kind: "credentials",
          detail: "credentials: no",
          alarm: "it is another's",
        },
      ],
    },
  ],
  "lock-claims": [
    {
      type: "lock-claims",
      claims: [
        { lockspace: "a", name: "b/c", id: 1, mode: "EX", owner: "me", persistent: true },
        { lockspace: "a", name: "ü", id: 2, mode: "NL", owner: "" },
      ],
    },
  ],
  "lock-table": [
    {
      type: "lock-table",
      resources: [
        {
          lockspace: "a",
          name: "b",
          granted: [{ node: 1, id: 1, mode: "PR", owner: "x", since: 1, persistent: true }],
          converting: [
            { node: 1, id: 2, mode: "CR", wants: "PW", owner: "x", since: 1, eager: true, noQueue: true },
          ],
          waiting: [{ node: 2, id: 1, wants: "EX", owner: "y", since: 2, noQueue: true, firm: true }],
          value: { data: "AAAA", valid: false },
        },
      ],
    },
  ],
  snapshot: [
    { type: "snapshot", ledger: wireLedger, locks: "0:0:0" },
    { type: "snapshot", ledger: wireConfigs, locks: "1:a:b" },
  ],
  "lock-ops": [
    {
      type: "lock-ops",
      wall: 1,
      ops: [
        { type: "lock", lockspace: "a", name: "b", id: 1, mode: "EX", owner: "me", noQueue: true },
        { type: "lock", lockspace: "a", name: "b", id: 2, mode: "PR", owner: "me", persistent: true },
        { type: "convert", lockspace: "a", name: "b", id: 1, mode: "NL", value: "AA==", noQueue: true },
        { type: "unlock", lockspace: "a", name: "b", id: 1, value: "AAA=" },
        { type: "unlock", lockspace: "a", name: "b", id: 1 },
        { type: "in-use", lockspace: "a", name: "b", id: 1 },
      ],
    },
  ],
  "lock-grants": [
    {
      type: "lock-grants",
      words: [
        { type: "grant", lockspace: "a", name: "b", node: 1, id: 1, mode: "EX" },
        {
          type: "grant",
          lockspace: "a",
          name: "b",
          node: 1,
          id: 2,
          mode: "PR",
          value: { data: "", valid: true },
        },
        { type: "refuse", lockspace: "a", name: "b", node: 2, id: 1, why: "deadlock" },
      ],
    },
  ],
  probe: [{ type: "probe" }],
  here: [{ type: "here" }],
  mute: [{ type: "mute", process: "2/1234" }],
  "startup-victims": [{ type: "startup-victims", victims: [victim] }],
  quorate: [{ type: "quorate", wall: 1, quorumVotes: 2 }],
  inquorate: [{ type: "inquorate" }],
  "need-epoch": [{ type: "need-epoch" }],
  join: [{ type: "join", incarnation, clean: true, wall: 1 }],
  leave: [{ type: "leave" }],
  propose: [
    {
      type: "propose",
      epoch: epochOf(2, [1, 2], { departed: [{ node: 3, epoch: 1 }], config: stamp }),
      quorumVotes: 2,
      purpose: "config",
    },
  ],
  persisted: [{ type: "persisted", n: 2, proposer: 1, votes: 1 }],
  "grace-over": [{ type: "grace-over", node: 2, incarnation, missedAt: 7 }],
  "fence-start": [
    { type: "fence-start", node: 2, incarnation, executor: 1, by: "root", wall: 1 },
    { type: "fence-start", node: 2, executor: 1, wall: 1 },
  ],
  "fence-progress": [{ type: "fence-progress", node: 2, attempt: 1, doing: "off" }],
  "fence-result": [
    {
      type: "fence-result",
      node: 2,
      incarnation,
      attempt: 1,
      ok: true,
      reason: "r",
      steps: [step],
      evidence,
    },
  ],
  "shot-end": [{ type: "shot-end", node: 2, attempt: 1 }],
  "victim-state": [{ type: "victim-state", node: 2, stage: "stuck", reason: "r", rounds: 1 }],
  "victim-done": [{ type: "victim-done", node: 2, how: "agent", wall: 1, configVersion: 1, name: "n2" }],
  shoot: [
    { type: "shoot", node: 2, by: "root" },
    { type: "shoot", node: 2, incarnation, by: "root" },
  ],
  ack: [{ type: "ack", node: 2, by: "root", statement: "unplugged", insists: false, wall: 1 }],
  document: [], // Never without its text: see below.
  stage: [
    { type: "stage", version: 8, digest: "d8", by: "root", comment: "", base: "d7", replace: false, wall: 1 },
  ],
  weighed: [{ type: "weighed", digest: "d8", ok: false, problems: ["fence_x is not installed"] }],
  discard: [{ type: "discard", digest: "d8", by: "root" }],
  activate: [
    { type: "activate", digest: "d8", by: "root", comment: "new iLO", wall: 1 },
    { type: "activate", digest: "d8", by: "root", comment: "", withinMs: 300_000, wall: 1 },
  ],
  confirm: [{ type: "confirm", digest: "d8", by: "root" }],
  revert: [{ type: "revert", back: "d7", config: stamp }],
};

const ALL: readonly Message[] = Object.values(BODIES)
  .flat()
  .map((body) => ({ ring: "1.8/abc", body }));

test("every kind of message survives the wire", () => {
  for (const message of ALL) {
    assert.deepEqual(decodeMessage(encodeMessage(message)), { ok: true, message }, message.body.type);
  }
});

test("the text of a configuration travels beside its message, never in it", () => {
  const message: Message = { ring: "1.8/abc", body: { type: "document", digest: "d8" } };
  const attachment = new TextEncoder().encode('<cluster passwd="geheim"/>');
  const decoded = decodeMessage(encodeMessage(message, attachment));
  assert.deepEqual(decoded, { ok: true, message, attachment });
  assert.ok(!JSON.stringify(message).includes("geheim"));
});

test("a text with another message, or a document without one, is garbage", () => {
  const document: Message = { ring: "r", body: { type: "document", digest: "d8" } };
  assert.equal(decodeMessage(encodeMessage(document)).ok, false);
  const other: Message = { ring: "r", body: { type: "leave" } };
  assert.equal(decodeMessage(encodeMessage(other, new Uint8Array([1]))).ok, false);
  const large = new Uint8Array(ATTACHMENT_BYTES_MAX + 1);
  assert.equal(decodeMessage(encodeMessage(document, large)).ok, false);
  assert.equal(decodeMessage(encodeMessage(document, large.subarray(1))).ok, true);
});

test("a message that was cut anywhere is garbage", () => {
  for (const message of ALL.slice(0, 4)) {
    const bytes = encodeMessage(message);
    for (let length = 0; length < bytes.length; length++) {
      assert.equal(
        decodeMessage(bytes.subarray(0, length)).ok,
        false,
        `${message.body.type} cut at ${length}`,
      );
    }
    assert.equal(decodeMessage(new Uint8Array([...bytes, 0])).ok, false);
  }
});

test("another format or protocol is told apart from rubbish", () => {
  const bytes = encodeMessage(ALL[0] as Message);
  for (const position of [4, 5]) {
    const other = bytes.slice();
    other[position] = 9;
    const decoded = decodeMessage(other);
    assert.ok(!decoded.ok && decoded.problem.startsWith("speaks format"), JSON.stringify(decoded));
  }
});

test("fuzz: random bytes and flipped bits never throw and never become another message unseen", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      assert.equal(decodeMessage(bytes).ok, false);
    }),
  );
  fc.assert(
    fc.property(fc.nat(ALL.length - 1), fc.nat(), fc.integer({ min: 1, max: 255 }), (index, at, flip) => {
      const bytes = encodeMessage(ALL[index] as Message);
      const position = at % bytes.length;
      bytes[position] = (bytes[position] as number) ^ flip;
      const decoded = decodeMessage(bytes);
      if (decoded.ok) assert.deepEqual(decodeMessage(encodeMessage(decoded.message)), decoded);
    }),
    { numRuns: 2_000 },
  );
});

test("fuzz: a body with wrong types, foreign fields or huge lists does not fit", () => {
  const hostile: readonly unknown[] = [
    null,
    [],
    {},
    { type: "hello" },
    { type: "leave", extra: 1 },
    { type: "persisted", n: -1, proposer: 1 },
    { type: "persisted", n: 1.5, proposer: 1 },
    { type: "mute", process: "../../etc" },
    { type: "ack", node: 1, by: "x".repeat(501), statement: "", wall: 1 },
    { type: "startup-victims", victims: Array.from({ length: 257 }, () => victim) },
    { type: "__proto__" },
  ];
  for (const body of hostile) {
    const decoded = decodeMessage(encodeMessage({ ring: "r", body: body as Body }));
    assert.equal(decoded.ok, false, JSON.stringify(body).slice(0, 80));
  }
});

test("a message beyond the limit is refused before it is read", () => {
  assert.equal(decodeMessage(new Uint8Array(MESSAGE_BYTES_MAX + 1)).ok, false);
});
