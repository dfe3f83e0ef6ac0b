/** Kept locks: granted again without a message, given back as soon as somebody else asks. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Effect } from "../effects.ts";
import type { NodeId } from "../ids.ts";
import { createRing, type RingHarness, type Sent } from "../ring-harness.ts";
import type { State } from "../state.ts";
import { KEPT_PER_GENERATION } from "./limits.ts";
import { compatible, type Mode } from "./modes.ts";
import { claimsOf, locksInUse, ownLocks } from "./own.ts";
import { keyOf } from "./resource.ts";
import { allResources } from "./table.ts";
import { line } from "./testing.ts";
import { trieGet } from "./trie.ts";
import type { LockEvent, LockRequest } from "./types.ts";

function open(nodes: readonly NodeId[] = [1, 2, 3]): RingHarness {
  const ring = createRing(nodes);
  ring.view("r1", nodes);
  ring.settle();
  return ring;
}

function wish(ring: RingHarness, node: NodeId, ...requests: readonly LockRequest[]): void {
  ring.feed(node, { type: "locks", requests });
}

function lock(
  id: number,
  mode: Mode = "EX",
  more: { noQueue?: true; persistent?: true; once?: true } = {},
): LockRequest {
  return { type: "lock", id, lockspace: "ls", name: "r", mode, owner: `owner ${id}`, ...more };
}

const unlock = (id: number, value?: string): LockRequest => ({
  type: "unlock",
  id,
  ...(value === undefined ? {} : { value }),
});

function eventsOf(ring: RingHarness, node: NodeId): readonly LockEvent[] {
  const effects: readonly Effect[] = ring.effects.get(node) ?? [];
  return effects.flatMap((effect) => (effect.type === "lock-events" ? effect.events : []));
}

const told = (ring: RingHarness, node: NodeId, after = 0): readonly string[] =>
  eventsOf(ring, node)
    .slice(after)
    .map((event) => `${event.type} ${event.id}${"mode" in event ? ` ${event.mode}` : ""}`);

const stateOf = (ring: RingHarness, node: NodeId): State => ring.states.get(node) ?? assert.fail();
const shown = (ring: RingHarness, node: NodeId): string =>
  [...allResources(stateOf(ring, node).ledger.locks)].map(line).join("; ");

/** Node 2 has had the lock 1 and has given it back. */
function kept(mode: Mode = "EX", value?: string): RingHarness {
  const ring = open();
  wish(ring, 2, lock(1, mode));
  ring.settle();
  wish(ring, 2, unlock(1, value));
  return ring;
}

test("kept: given back and granted again, as often as one likes, without a message", () => {
  const ring = kept();
  for (let id = 2; id < 50; id++) {
    wish(ring, 2, lock(id));
    wish(ring, 2, unlock(id));
  }
  assert.deepEqual(ring.log, []);
  assert.deepEqual(told(ring, 2, 96), ["granted 49 EX", "released 49"]);
  assert.equal(shown(ring, 3), "EX2 |  |");
  assert.deepEqual(locksInUse(stateOf(ring, 2).locks), []);
});

test("kept: somebody else asks, and has it without the node's clients having heard of anything", () => {
  const ring = kept();
  wish(ring, 2, lock(2));
  wish(ring, 2, unlock(2));
  const before = eventsOf(ring, 2).length;
  wish(ring, 3, lock(9));
  ring.settle();
  assert.deepEqual(told(ring, 3), ["granted 9 EX"]);
  assert.deepEqual(told(ring, 2, before), ["released 1"]); // Nobody has that number any more.
  wish(ring, 2, lock(3));
  assert.equal(ring.log.length, 1);
});

test("kept: while it is used again, its user hears the blocking notice by its own number", () => {
  const ring = kept();
  wish(ring, 2, lock(2));
  const before = eventsOf(ring, 2).length;
  wish(ring, 3, lock(9));
  ring.settle();
  assert.deepEqual(told(ring, 2, before), ["blocking 2 EX"]);
  assert.deepEqual(told(ring, 3), []);
  wish(ring, 2, unlock(2));
  ring.settle();
  assert.deepEqual(told(ring, 2, before + 1), ["released 2"]);
  assert.deepEqual(told(ring, 3), ["granted 9 EX"]);
});

test("kept: whoever has given it back has no hand in what others do with it", () => {
  const ring = kept();
  wish(ring, 2, lock(2));
  wish(ring, 2, unlock(1), { type: "convert", id: 1, mode: "NL" }, lock(1), lock(2));
  assert.deepEqual(told(ring, 2, 3), ["refused 1", "refused 1", "refused 1", "refused 2"]);
  assert.equal(locksInUse(stateOf(ring, 2).locks)[0]?.held, "EX");
});

test("kept: a frozen gate grants nothing here either; afterwards it is there still", () => {
  const ring = open();
  wish(ring, 2, lock(1));
  ring.settle();
  wish(ring, 2, unlock(1));
  ring.view("r2", [1, 2]); // Node 3 is lost.
  wish(ring, 2, lock(2));
  ring.settle();
  assert.equal(stateOf(ring, 2).gate.open, false);
  assert.deepEqual(told(ring, 2), ["granted 1 EX", "released 1", "released 1"]);
  assert.equal(shown(ring, 1), "|  | EX2");
});

test("kept: what is given back while frozen is not kept", () => {
  const ring = open();
  wish(ring, 2, lock(1));
  ring.settle();
  ring.view("r2", [1, 2]);
  wish(ring, 2, unlock(1));
  ring.settle();
  assert.equal(shown(ring, 1), "");
});

test("kept: it is claimed in the next view", () => {
  const ring = kept();
  ring.view("r2", [1, 2]);
  assert.deepEqual(
    claimsOf(stateOf(ring, 2).locks).map(({ id, mode }) => `${id} ${mode}`),
    ["1 EX"],
  );
  ring.settle();
  assert.equal(shown(ring, 1), "EX2 |  |");
});

/** The guards of a host are asked before it goes, and again when its gate is shut. */
function leave(ring: RingHarness, node: NodeId): void {
  ring.feed(node, { type: "guard", inUse: [] });
  ring.feed(node, { type: "request", id: "1", request: { type: "leave" } });
  ring.feed(node, { type: "guard", inUse: [] });
}

test("kept: leave is not refused for it; it is lost in silence, and nothing is granted any more", () => {
  const ring = kept();
  wish(ring, 2, { ...lock(7), name: "other" } as LockRequest);
  ring.settle();
  wish(ring, 2, unlock(7));
  leave(ring, 2);
  wish(ring, 2, lock(2)); // The gate is shut already.
  const before = eventsOf(ring, 2).length;
  ring.settle();
  assert.equal(stateOf(ring, 1).ledger.members.length, 2);
  assert.deepEqual(told(ring, 2, before), ["released 1"]);
  assert.equal(shown(ring, 1), "");
  assert.deepEqual(
    [...ownLocks(stateOf(ring, 2).locks)].map(({ id, held }) => [id, held]),
    [[2, undefined]],
  );
});

test("kept: less than was kept is granted at once, and told to the others", () => {
  const ring = kept("EX", "AAAA");
  wish(ring, 2, lock(2, "PR"));
  const granted = eventsOf(ring, 2).at(-1);
  assert.deepEqual(granted, { type: "granted", id: 2, mode: "PR", value: { data: "AAAA", valid: true } });
  ring.settle();
  assert.equal(shown(ring, 3), "PR2 |  |");
  assert.deepEqual([...allResources(stateOf(ring, 3).ledger.locks)][0]?.value, { data: "AAAA", valid: true });
});

test("kept: more than was kept goes the long way", () => {
  const ring = kept("PR");
  wish(ring, 2, lock(2, "EX"));
  assert.deepEqual(told(ring, 2), ["granted 1 PR", "released 1"]);
  ring.settle();
  assert.deepEqual(told(ring, 2, 2), ["released 1", "granted 2 EX"]);
  assert.equal(shown(ring, 1), "EX2 |  |");
});

test("kept: its value is written when it goes, and shown to who has it again before", () => {
  const ring = kept("EX", "AAAA");
  wish(ring, 2, lock(2));
  assert.deepEqual(eventsOf(ring, 2).at(-1), {
    type: "granted",
    id: 2,
    mode: "EX",
    value: { data: "AAAA", valid: true },
  });
  wish(ring, 2, unlock(2, "BBBB"));
  wish(ring, 1, lock(9, "NL"), { ...lock(10, "PR"), id: 10 } as LockRequest);
  ring.settle();
  assert.deepEqual(eventsOf(ring, 1).at(-1), {
    type: "granted",
    id: 10,
    mode: "PR",
    value: { data: "BBBB", valid: true },
  });
});

test("kept: the value of a node that was lost with it is in doubt", () => {
  const ring = kept("EX", "AAAA");
  wish(ring, 3, lock(8, "NL"), lock(9));
  ring.settle();
  wish(ring, 3, unlock(9, "BBBB"));
  ring.view("r2", [1, 2]);
  ring.settle();
  assert.equal(shown(ring, 1), "NL3 EX3 |  |"); // Until the incident ends.
});

test("kept: whoever does not want to wait gets it, and is refused when it is in use again", () => {
  const ring = kept();
  wish(ring, 3, lock(5, "EX", { noQueue: true }));
  ring.settle();
  assert.deepEqual(told(ring, 3), ["granted 5 EX"]);
  wish(ring, 2, lock(6, "EX", { noQueue: true }));
  ring.settle();
  assert.deepEqual(told(ring, 2, 3), ["refused 6"]);
});

test("kept: persistent locks are not, nor is what somebody waits for", () => {
  const ring = open();
  wish(ring, 2, lock(1, "EX", { persistent: true }));
  ring.settle();
  wish(ring, 2, unlock(1));
  ring.settle();
  assert.equal(shown(ring, 1), "");
  wish(ring, 2, lock(4, "EX", { once: true }));
  ring.settle();
  wish(ring, 2, unlock(4));
  ring.settle();
  assert.equal(shown(ring, 1), "");
  wish(ring, 2, lock(2));
  wish(ring, 3, lock(3));
  ring.settle();
  wish(ring, 2, unlock(2));
  ring.settle();
  assert.equal(shown(ring, 1), "EX3 |  |");
});

test("kept: not more than two generations; the oldest are given back", () => {
  const ring = open();
  const many = 3 * KEPT_PER_GENERATION;
  const named = (id: number): LockRequest => ({ ...lock(id), name: `r${id}` }) as LockRequest;
  const ids = Array.from({ length: many }, (_, i) => i + 1);
  for (let from = 0; from < many; from += 1_000) {
    wish(ring, 2, ...ids.slice(from, from + 1_000).map(named));
    ring.settle();
    wish(ring, 2, ...ids.slice(from, from + 1_000).map((id) => unlock(id)));
    ring.settle();
  }
  assert.equal(stateOf(ring, 1).ledger.locks.count, 2 * KEPT_PER_GENERATION);
  wish(ring, 2, { ...named(many), id: many + 1 } as LockRequest);
  assert.deepEqual(ring.log, []);
});

/** Everything that can be undone: for a walk through all orders of what happens. */
interface Moment {
  readonly states: ReadonlyMap<NodeId, State>;
  readonly log: readonly Sent[];
  /** Wishes that each node has left. */
  readonly left: readonly number[];
}

const KINDS: readonly [Mode, boolean][] = [
  ["EX", false],
  ["PR", false],
  ["EX", true],
];

test("exhaustively: two nodes, two wishes each, every order of wishes, returns and deliveries", () => {
  const ring = open([1, 2]);
  const load = ({ states, log }: Moment): void => {
    for (const [node, state] of states) ring.states.set(node, state);
    ring.log.splice(0, ring.log.length, ...log);
  };
  const save = (left: readonly number[]): Moment => ({
    states: new Map(ring.states),
    log: [...ring.log],
    left,
  });
  const seen = new Set<string>();
  const open_: Moment[] = [save([2, 2])];
  let kept = 0;
  for (let moment = open_.pop(); moment !== undefined; moment = open_.pop()) {
    const { left } = moment;
    const key = JSON.stringify([
      left,
      moment.log.map(({ message }) => message.body),
      [...moment.states.values()].map((state) => [
        [...allResources(state.ledger.locks)],
        [...ownLocks(state.locks)],
        state.locks.outgoing,
        state.locks.telling,
        state.locks.touched,
        [state.locks.sentIn, state.locks.decidedIn],
      ]),
    ]);
    if (seen.has(key)) continue;
    seen.add(key);
    look(moment);
    const branch = (rest: readonly number[], act: () => void): void => {
      load(moment as Moment);
      act();
      open_.push(save(rest));
    };
    if (moment.log.length > 0) branch(left, () => ring.deliver());
    for (const node of [1, 2]) {
      const rest = left.map((count, index) => (index === node - 1 ? count - 1 : count));
      for (const [mode, hasty] of (left[node - 1] ?? 0) > 0 ? KINDS : []) {
        const id = 10 * node + (left[node - 1] ?? 0);
        branch(rest, () => wish(ring, node, lock(id, mode, hasty ? { noQueue: true } : {})));
      }
      for (const one of locksInUse((moment.states.get(node) as State).locks)) {
        branch(left, () => wish(ring, node, unlock(clientNumber(moment as Moment, node, one.id))));
      }
    }
    kept += [...moment.states.values()].filter((state) => state.locks.kept.count > 0).length;
  }
  assert.ok(seen.size > 5_000, `${seen.size} moments`);
  assert.ok(kept > 500, `${kept} times something was kept`);

  /** Nobody holds beside a rival; and when all has been delivered, nobody waits for what nobody uses. */
  function look(moment: Moment): void {
    const used = [...moment.states.values()].flatMap((state) => [...locksInUse(state.locks)]);
    for (const a of used) {
      for (const b of used) if (a !== b) assert.ok(compatible(a.held as Mode, b.held as Mode));
    }
    for (const state of moment.states.values()) lookForKept(state);
    load(moment);
    ring.settle();
    for (const state of ring.states.values()) {
      for (const resource of allResources(state.ledger.locks)) {
        const waiting = resource.waiting.map(({ node, id }) => `${node} ${id}`);
        const inUse = [...ring.states.values()].flatMap((one) => [...locksInUse(one.locks)]);
        assert.ok(waiting.length === 0 || inUse.length > 0, `${line(resource)}: nobody uses it`);
        assert.ok(
          resource.waiting.every((one) => one.noQueue !== true),
          `${line(resource)}: nobody was refused`,
        );
      }
    }
  }
});

/** Every lock that is kept is counted and is found where the next wish looks for it. */
function lookForKept({ locks }: State): void {
  const { young, old, count } = locks.kept;
  const all = [...ownLocks(locks)].filter((one) => one.kept === true);
  assert.equal(count, all.length);
  for (const { lockspace, name, id } of all) {
    const key = keyOf(lockspace, name);
    assert.equal(trieGet(young, key) ?? trieGet(old, key), id);
  }
}

function clientNumber(moment: Moment, node: NodeId, id: number): number {
  const { clients } = (moment.states.get(node) as State).locks.kept;
  return trieGet(clients, id) ?? id;
}
