import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import type { Input } from "../core/inputs.ts";
import type { LockClaim, LockEvent } from "../core/locks/types.ts";
import { createLockDesk } from "./lock-desk.ts";

const WISH = { lockspace: "ls", name: "r", mode: "EX", owner: "me" } as const;
const PROCESS = { pid: 7, startTime: "1" };

function rig(found: readonly { claim: LockClaim; process?: typeof PROCESS }[] = [], isAlive = () => true) {
  const inputs: Input[] = [];
  /** What is on the disk, and what happened; nothing is on the disk before it is flushed. */
  const lines: string[] = [];
  let unwritten: string[] = [];
  const log = {
    found,
    hold: ({ claim }: { claim: LockClaim }) => void unwritten.push(`hold ${claim.id} ${claim.mode}`),
    drop: (id: number) => void unwritten.push(`drop ${id}`),
    flush() {
      lines.push(...unwritten);
      unwritten = [];
    },
  };
  const desk = createLockDesk({ feed: (input) => inputs.push(input), log, isAlive });
  return { desk, inputs, lines };
}

test("desk: wishes of one turn go to the core together, in their order", async () => {
  const { desk, inputs } = rig();
  const id = desk.lock(WISH, PROCESS, () => {});
  desk.unlock(id);
  assert.deepEqual(inputs, []);
  await turn();
  assert.deepEqual(inputs, [
    {
      type: "locks",
      requests: [
        { type: "lock", id: 1, ...WISH },
        { type: "unlock", id: 1 },
      ],
    },
  ]);
});

test("desk: it is written down before the owner is told, and crossed out before the others are", () => {
  const { desk, lines } = rig();
  const id = desk.lock(WISH, PROCESS, (event) => void lines.push(event.type));
  desk.onEvents([{ type: "granted", id, mode: "EX" }]);
  desk.unlock(id);
  desk.onEvents([{ type: "released", id }]);
  assert.deepEqual(lines, ["hold 1 EX", "granted", "drop 1", "released"]);
  assert.equal(desk.count(), 0);
});

test("desk: a refusal ends a wish, and no lock that is held", () => {
  const { desk } = rig();
  const events: LockEvent["type"][] = [];
  const wish = desk.lock(WISH, PROCESS, ({ type }) => void events.push(type));
  const held = desk.lock(WISH, PROCESS, ({ type }) => void events.push(type));
  desk.onEvents([
    { type: "refused", id: wish, why: "busy" },
    { type: "granted", id: held, mode: "PR" },
    { type: "refused", id: held, why: "deadlock" },
  ]);
  assert.deepEqual(events, ["refused", "granted", "refused"]);
  assert.equal(desk.count(), 1);
});

test("desk: what was held before the start is claimed, and given back once its owner is gone", async () => {
  const claim = (id: number): LockClaim => ({ lockspace: "ls", name: `r${id}`, id, mode: "EX", owner: "o" });
  let alive = true;
  const { desk, inputs, lines } = rig(
    [{ claim: claim(4), process: PROCESS }, { claim: claim(9) }],
    () => alive,
  );
  assert.deepEqual(desk.held, [claim(4), claim(9)]);
  await turn();
  assert.deepEqual(inputs, [{ type: "locks", requests: [{ type: "unlock", id: 9 }] }]); // Nobody's.
  alive = false;
  while (inputs.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.deepEqual(inputs[1], { type: "locks", requests: [{ type: "unlock", id: 4 }] });
  assert.deepEqual(lines, ["drop 9", "drop 4"]);
  assert.equal(
    desk.lock(WISH, PROCESS, () => {}),
    10,
  );
  desk.close();
});

test("desk: a persistent lock is taken over by name, by one at a time", () => {
  const claim: LockClaim = { lockspace: "ls", name: "r", id: 3, mode: "PR", owner: "o", persistent: true };
  const { desk } = rig([{ claim }]);
  assert.equal(
    desk.adopt("ls", "other", () => {}),
    undefined,
  );
  assert.deepEqual(
    desk.adopt("ls", "r", () => {}),
    { id: 3, mode: "PR" },
  );
  assert.equal(
    desk.adopt("ls", "r", () => {}),
    undefined,
  );
  desk.abandon(3);
  assert.deepEqual(
    desk.adopt("ls", "r", () => {}),
    { id: 3, mode: "PR" },
  );
});
