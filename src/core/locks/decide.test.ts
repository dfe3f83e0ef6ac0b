import assert from "node:assert/strict";
import { test } from "node:test";
import { decide } from "./decide.ts";
import { compatible, covers, MODES, type Mode } from "./modes.ts";
import { holders, isIdle, type Resource } from "./resource.ts";
import { ask, change, giveBack, inUse, line, NOTHING, settle } from "./testing.ts";

/** Owners 1, 2, … ask for these modes in turn; `PR1` holds nothing special, it is the first. */
function held(...modes: readonly Mode[]): Resource {
  return modes.reduce((resource, mode, index) => settle(ask(resource, index + 1, mode)).resource, NOTHING);
}

const after = (resource: Resource): string => line(settle(resource).resource);

test("queue: every pair of modes is granted together exactly when the matrix says so", () => {
  for (const a of MODES) {
    for (const b of MODES) {
      const both = held(a, b);
      assert.equal(both.granted.length, compatible(a, b) ? 2 : 1, `${a} then ${b}`);
      assert.equal(both.waiting.length, compatible(a, b) ? 0 : 1);
    }
  }
});

test("queue: new requests are served strictly in turn, also those that would fit", () => {
  const queue = ask(ask(held("PR"), 2, "EX"), 3, "PR");
  assert.equal(after(queue), "PR1 |  | EX2 PR3");
  assert.equal(after(giveBack(queue, 1)), "EX2 |  | PR3");
  assert.equal(after(giveBack(giveBack(queue, 1), 2)), "PR3 |  |");
});

test("queue: all that fit together are granted at once, up to the first that does not", () => {
  const queue = ["PR", "CR", "PR", "EX", "PR"].reduce(
    (resource, mode, index) => ask(resource, index + 2, mode as Mode),
    held("EX"),
  );
  assert.equal(after(giveBack(queue, 1)), "PR2 CR3 PR4 |  | EX5 PR6");
});

test("queue: whoever does not want to wait is refused as soon as a lock in its way is said to be in use", () => {
  const asked = ask(ask(ask(held("PR"), 2, "EX"), 3, "PR", "hurry"), 4, "EX", "hurry");
  const first = settle(asked);
  assert.equal(line(first.resource), "PR1 |  | EX2 EX4"); // Nobody but node 1 knows whether it is only kept.
  assert.deepEqual(first.refused, ["3 busy"]); // It is behind one who waits.
  const { resource, refused } = settle(inUse(first.resource, 1));
  assert.equal(line(resource), "PR1 |  | EX2");
  assert.deepEqual(refused, ["4 busy"]);
  assert.deepEqual(settle(ask(held("PR"), 2, "PR", "hurry")).refused, []);
});

test("queue: a lock that was only kept is given back, and whoever did not want to wait has it", () => {
  const { resource, refused } = settle(ask(held("PR"), 2, "EX", "hurry"));
  assert.deepEqual([line(resource), refused], ["PR1 |  | EX2", []]);
  assert.equal(after(giveBack(resource, 1)), "EX2 |  |");
});

test("queue: what is persistent or converting is in use, whatever its node says", () => {
  const [lock] = held("PR").granted;
  const persistent = { ...NOTHING, granted: [{ ...(lock ?? assert.fail()), persistent: true as const }] };
  assert.deepEqual(settle(ask(persistent, 2, "EX", "hurry")).refused, ["2 busy"]);
  const converting = settle(change(held("PR", "CR"), 1, "EX")).resource;
  assert.deepEqual(settle(change(converting, 2, "PW", { noQueue: true })).refused, ["2 busy"]);
});

test("queue: the word of one holder says nothing about those who come later, or about other holders", () => {
  const early = inUse(held("PR", "CR"), 1);
  const queue = settle(ask(early, 3, "EX", "hurry")).resource;
  assert.equal(line(queue), "PR1 CR2 |  | EX3");
  assert.equal(line(settle(inUse(ask(held("NL", "CR"), 3, "EX", "hurry"), 1)).resource), "NL1 CR2 |  | EX3");
});

test("queue: a node without a part in the epoch waits on and is in nobody's way", () => {
  const queue = ask(ask(NOTHING, 2, "EX", "hurry"), 3, "PR");
  assert.equal(line(settle(queue, (node) => node !== 2).resource), "PR3 |  | EX2");
});

test("conversion: every pair, beside every other holder", () => {
  for (const from of MODES) {
    for (const to of MODES) {
      for (const other of MODES) {
        if (!compatible(from, other)) continue;
        const { resource } = settle(change(held(from, other), 1, to));
        const free = compatible(to, other);
        const lock = holders(resource).find((one) => one.node === 1);
        const label = `${from} to ${to} beside ${other}`;
        if (covers(from, to)) assert.deepEqual([lock?.mode, lock?.wants], [to, undefined], label);
        else assert.deepEqual([lock?.mode, lock?.wants], free ? [to, undefined] : [from, to], label);
        assert.ok(free || !covers(from, to), `${label}: giving rights back never conflicts`);
      }
    }
  }
});

test("conversion: comes before new requests, and blocks them while it waits", () => {
  const queue = ask(change(held("PR", "PR"), 1, "EX"), 3, "CR");
  assert.equal(after(queue), "PR2 | PR1>EX | CR3");
  assert.equal(after(giveBack(queue, 2)), "EX1 |  | CR3");
});

test("conversion: in turn, but one that disturbed nobody when it came need not wait", () => {
  const first = settle(change(held("CR", "PR", "NL"), 1, "EX")).resource;
  assert.equal(after(change(first, 3, "PR")), "PR2 PR3 | CR1>EX |");
  const blocked = settle(change(settle(change(held("CR", "PR", "CR"), 1, "PW")).resource, 3, "PW")).resource;
  assert.equal(line(blocked), "PR2 | CR1>PW CR3>PW |");
  assert.equal(after(giveBack(blocked, 2)), "PW1 | CR3>PW |");
});

test("conversion: nobody waits behind somebody who waits for him", () => {
  // 1 waits for 2 and 3; 2 waits for 3 only, and stands behind 1.
  const queue = change(change(held("CR", "CW", "CW"), 1, "EX"), 2, "EX");
  const stuck = settle(change(held("NL", "PR", "PR"), 1, "EX")).resource;
  const behind = settle(change(stuck, 2, "PW")).resource;
  assert.equal(line(behind), "PR3 | NL1>EX PR2>PW |");
  assert.equal(after(giveBack(behind, 3)), "PW2 | NL1>EX |");
  assert.deepEqual(settle(queue).refused, ["2 deadlock"]);
});

test("deadlock: of two that wait for each other the later is refused and keeps what it holds", () => {
  const { resource, refused } = settle(change(change(held("PR", "PR"), 1, "EX"), 2, "EX"));
  assert.deepEqual(refused, ["2 deadlock"]);
  assert.equal(line(resource), "PR2 | PR1>EX |");
  assert.equal(after(giveBack(resource, 2)), "EX1 |  |");
});

test("deadlock: a circle of three is found", () => {
  const queue = change(change(change(held("CR", "CR", "CR"), 1, "EX"), 2, "EX"), 3, "EX");
  const { resource, refused } = settle(queue);
  assert.deepEqual(refused, ["3 deadlock", "2 deadlock"]);
  assert.equal(line(resource), "CR3 CR2 | CR1>EX |");
});

test("deadlock: waiting for a holder who wants nothing is none", () => {
  const queue = change(change(held("CR", "CR", "PW"), 1, "PR"), 2, "PR");
  assert.deepEqual(settle(queue).refused, []);
  assert.equal(line(settle(queue).resource), "PW3 | CR1>PR CR2>PR |");
});

test("conversion: the present mode again takes it back, and a hasty one is refused and keeps its mode", () => {
  const waiting = settle(change(held("PR", "PR"), 1, "EX")).resource;
  assert.equal(after(change(waiting, 1, "PR")), "PR2 PR1 |  |");
  const { resource, refused } = settle(inUse(change(held("PR", "PR"), 1, "EX", { noQueue: true }), 2));
  assert.deepEqual([line(resource), refused], ["PR2 PR1 |  |", ["1 busy"]]);
});

/** Everything that three owners can bring about, step by step, with a decision after each step. */
function everyState(): ReadonlyMap<string, Resource> {
  const seen = new Map<string, Resource>([[line(NOTHING), NOTHING]]);
  for (const resource of seen.values()) {
    const next: Resource[] = [];
    for (const node of [1, 2, 3]) {
      for (const mode of MODES) {
        next.push(ask(resource, node, mode), ask(resource, node, mode, "hurry"));
        next.push(change(resource, node, mode), change(resource, node, mode, { noQueue: true }));
      }
      next.push(giveBack(resource, node), inUse(resource, node));
    }
    for (const one of next) {
      const { resource: settled } = settle(one);
      const flags = [...holders(settled), ...settled.waiting].map(
        ({ eager, noQueue, firm }) => `${eager ?? ""}${noQueue ?? ""}${firm ?? ""}`,
      );
      const key = `${line(settled)} ${flags.join()}`;
      if (!seen.has(key)) seen.set(key, settled);
    }
  }
  return seen;
}

test("exhaustively: three owners, all modes, every reachable state", () => {
  const states = everyState();
  assert.ok(states.size > 1_000, `${states.size} states`);
  for (const [label, resource] of states) {
    const all = holders(resource);
    for (const a of all) {
      for (const b of all) if (a !== b) assert.ok(compatible(a.mode ?? "NL", b.mode ?? "NL"), label);
    }
    assert.deepEqual(
      decide(resource, () => true),
      [],
      `${label}: nothing is left to decide`,
    );
    // Whoever waits, waits for somebody who can give something back: nobody waits for nothing.
    if (resource.converting.length + resource.waiting.length > 0) assert.ok(all.length > 0, label);
    drains(resource, label);
  }
});

/** When whoever wants nothing more gives back, everybody else gets what they want in the end. */
function drains(start: Resource, label: string): void {
  let resource = start;
  for (let rounds = 0; !isIdle(resource); rounds++) {
    assert.ok(rounds < 10, `${label}: ${line(resource)} does not come to an end`);
    const content = resource.granted[0];
    assert.ok(content !== undefined, `${label}: ${line(resource)}: everybody waits for everybody`);
    resource = settle(giveBack(resource, content.node)).resource;
  }
}
