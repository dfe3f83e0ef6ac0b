/** A controller whose answers are damaged on the way: never off, never past the deadline, never a crash. */
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { test } from "node:test";
import fc from "fast-check";
import { createChassis } from "../../../src/bmc/chassis/chassis.ts";
import { createController } from "../../../src/bmc/ipmi/controller.ts";
import { ask, LOGIN } from "./rig.ts";

/** What happens to the `nth` answer. */
interface Damage {
  readonly nth: number;
  readonly kind: "flip" | "cut" | "grow" | "replace" | "twice";
  readonly where: number;
  readonly bytes: Uint8Array;
}

const damage: fc.Arbitrary<Damage> = fc.record({
  nth: fc.integer({ min: 0, max: 9 }),
  kind: fc.constantFrom("flip", "cut", "grow", "replace", "twice"),
  where: fc.nat({ max: 5_000 }),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 200 }),
});

/** Units: ms. */
const BUDGET_MS = 3_000;
const AT_ONCE = 10;
const ROUNDS = 6;

test("damaged answers", async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const cases = fc.sample(fc.tuple(damage, fc.constantFrom("fence_ilo4", "fence_ipmilan")), AT_ONCE);
    await Promise.all(cases.map(([one, agent]) => play(one, agent)));
  }
});

async function play(one: Damage, agent: string): Promise<void> {
  const chassis = createChassis();
  const controller = createController({ chassis, login: LOGIN }, () => ({ type: "none" }));
  const socket = createSocket("udp4");
  let count = 0;
  socket.on("message", (bytes, from) => {
    const answer = controller.answer(bytes);
    if (answer === undefined) return;
    for (const out of count++ === one.nth ? damaged(answer, one) : [answer])
      socket.send(out, from.port, from.address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  try {
    const startedAt = performance.now();
    const given = { ip: "127.0.0.1", ipport: String(socket.address().port), username: LOGIN.user };
    const answer = await ask(
      agent,
      "status",
      { ...given, password: LOGIN.password, ipmitool_timeout: "0" },
      { budgetMs: BUDGET_MS },
    );
    const told = `${agent} ${JSON.stringify({ ...one, bytes: [...one.bytes] })}: ${JSON.stringify(answer)}`;
    assert.notEqual(answer.power, "off", told);
    assert.ok(performance.now() - startedAt < 10 * BUDGET_MS, told);
    if (!answer.ok) assert.ok(answer.problem.detail.length > 10, told);
  } finally {
    await new Promise<void>((resolve) => socket.close(() => resolve()));
  }
}

function damaged(answer: Buffer, { kind, where, bytes }: Damage): readonly Uint8Array[] {
  const at = where % answer.length;
  switch (kind) {
    case "flip":
      return [Buffer.from(answer.map((byte, index) => (index === at ? byte ^ (bytes[0] || 1) : byte)))];
    case "cut":
      return [answer.subarray(0, at)];
    case "grow":
      return [Buffer.concat([answer, bytes])];
    case "replace":
      return [bytes];
    case "twice":
      return [answer, answer];
    default:
      return kind satisfies never;
  }
}
