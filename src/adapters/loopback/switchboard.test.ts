/** Virtual synchrony under every mixture of trouble, in virtual time, against a plain statement of it. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { createLinks } from "./links.ts";
import type { HubView } from "./protocol.ts";
import { isUp, type Seat } from "./seat.ts";
import { createSwitchboard } from "./switchboard.ts";

const NODES = [1, 2, 3, 4];
const TOKEN_MS = 100;

interface Recorder {
  readonly seat: Seat;
  readonly views: HubView[];
  /** Messages by ring id. */
  readonly heard: Map<string, string[]>;
  isCongested: boolean;
}

function createWorld() {
  const links = createLinks();
  const timers = new Set<{ at: number; wake: () => void }>();
  let now = 0;
  let rings = 0;
  let processes = 0;
  const switchboard = createSwitchboard({
    links,
    tokenMs: TOKEN_MS,
    wakeAfter(delayMs, wake) {
      const timer = { at: now + delayMs, wake };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    nextRingId: () => {
      rings += 1;
      return `r${rings}`;
    },
  });
  const recorders: Recorder[] = [];

  return {
    links,
    switchboard,
    recorders,
    start(nodeId: number, more: { twoNode?: boolean; expectedVotes?: number } = {}): Recorder {
      processes += 1;
      const recorder = { views: [] as HubView[], heard: new Map<string, string[]>(), isCongested: false };
      const process = { nodeId, processId: String(processes) };
      const { twoNode = false, expectedVotes = NODES.length } = more;
      const seat = switchboard.enter(
        { process, votes: 1, expectedVotes, twoNode },
        {
          view(view) {
            recorder.views.push(view);
            recorder.heard.set(view.ringId, []);
          },
          message(from, payload) {
            const ring = recorder.views.at(-1)?.ringId ?? "";
            recorder.heard.get(ring)?.push(`${from.processId}:${Buffer.from(payload).toString()}`);
          },
          isCongested: () => recorder.isCongested,
        },
      );
      const full = Object.assign(recorder, { seat });
      recorders.push(full);
      return full;
    },
    pass(ms: number) {
      now += ms;
      for (const timer of [...timers].filter(({ at }) => at <= now)) {
        if (timers.delete(timer)) timer.wake();
      }
    },
  };
}

type World = ReturnType<typeof createWorld>;

const node = fc.constantFrom(...NODES);
const command = fc.oneof(
  { weight: 6, arbitrary: fc.record({ op: fc.constant("send"), who: fc.nat(5) }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant("start"), node }) },
  {
    weight: 1,
    arbitrary: fc.record({
      op: fc.constantFrom("leave", "die", "silence", "restore", "jam", "unjam"),
      who: fc.nat(5),
    }),
  },
  { weight: 1, arbitrary: fc.record({ op: fc.constant("crash"), node }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant("cut"), node, other: node }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant("heal") }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constant("pass"), ms: fc.constantFrom(10, 60, 120) }) },
);

type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

function perform(world: World, order: Command, count: number): void {
  const who = "who" in order ? world.recorders[order.who] : undefined;
  switch (order.op) {
    case "send":
      if (who !== undefined && isConnected(who))
        world.switchboard.accept(who.seat, count, Buffer.from(`m${count}`));
      break;
    case "start":
      if ("node" in order && world.recorders.length < 6) world.start(order.node);
      break;
    case "leave":
    case "die":
      if (who !== undefined) world.switchboard.exit(who.seat, order.op === "leave" ? "left" : "died");
      break;
    case "silence":
      if (who !== undefined && isConnected(who)) world.switchboard.silence(who.seat);
      break;
    case "restore":
      if (who !== undefined && isConnected(who)) world.switchboard.restore(who.seat);
      break;
    case "jam":
    case "unjam":
      if (who === undefined) break;
      who.isCongested = order.op === "jam";
      world.switchboard.pump(who.seat);
      break;
    case "crash":
      if ("node" in order) world.switchboard.crash(order.node);
      break;
    case "cut":
      if ("other" in order) world.links.cut(order.node, order.other);
      world.switchboard.settle();
      break;
    case "heal":
      world.links.healAll();
      world.switchboard.settle();
      break;
    case "pass":
      if ("ms" in order) world.pass(order.ms);
      break;
  }
}

function isConnected({ seat }: Recorder): boolean {
  return seat.presence === "up" || seat.presence === "silent";
}

function checkSynchrony(recorders: readonly Recorder[]): void {
  for (const a of recorders) {
    const rings = a.views.map(({ ringId }) => ringId);
    assert.equal(new Set(rings).size, rings.length);
    for (const [index, view] of a.views.entries()) {
      const before = a.views[index - 1];
      const key = (p: { processId: string }): string => p.processId;
      const was = new Set((before?.members ?? []).map(key));
      const left = new Set(view.left.map(key));
      const joined = new Set(view.joined.map(key));
      for (const member of view.members.map(key)) {
        assert.equal(joined.has(member), !was.has(member) || left.has(member), `${member} in ${view.ringId}`);
      }
      for (const gone of was) if (!view.members.some((m) => key(m) === gone)) assert.ok(left.has(gone));
    }
    for (const b of recorders) {
      for (const [index, { ringId, members }] of a.views.entries()) {
        const other = b.views.findIndex((view) => view.ringId === ringId);
        if (other < 0) continue;
        assert.deepEqual(b.views[other]?.members, members, "one ring, one list of members");
        const [mine, theirs] = [a.heard.get(ringId) ?? [], b.heard.get(ringId) ?? []];
        const next = a.views[index + 1]?.ringId;
        if (next !== undefined && next === b.views[other + 1]?.ringId) assert.deepEqual(mine, theirs);
        assert.deepEqual(
          mine.filter((message) => theirs.includes(message)),
          theirs.filter((message) => mine.includes(message)),
        );
      }
    }
  }
}

describe("switchboard", () => {
  it("keeps virtual synchrony whatever happens, and everybody is together in the end", () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (orders) => {
        const world = createWorld();
        for (const nodeId of [1, 2, 3]) world.start(nodeId);
        for (const [index, order] of orders.entries()) perform(world, order, index + 1);
        world.links.healAll();
        for (const recorder of world.recorders) {
          recorder.isCongested = false;
          world.switchboard.pump(recorder.seat);
          if (recorder.seat.presence === "silent") world.switchboard.restore(recorder.seat);
        }
        world.switchboard.settle();
        world.pass(TOKEN_MS);
        world.switchboard.settle();
        checkSynchrony(world.recorders);
        const alive = world.recorders.filter(
          ({ seat }) => world.switchboard.seats.includes(seat) && isUp(seat),
        );
        const rings = new Set(alive.map(({ views }) => views.at(-1)?.ringId));
        assert.ok(rings.size <= 1, `healed and still apart: ${[...rings]}`);
        for (const { seat } of alive)
          assert.equal(seat.pendingMessages, 0, "a message that was never settled");
      }),
      { numRuns: 500 },
    );
  });

  it("forgives a cut that is shorter than the token time, and delivers what waited", () => {
    const world = createWorld();
    const [a, b] = [world.start(1), world.start(2)];
    world.links.cut(1, 2);
    world.switchboard.settle();
    world.switchboard.accept(a.seat, 1, Buffer.from("late"));
    const ring = b.views.at(-1)?.ringId ?? "";
    world.pass(TOKEN_MS - 1);
    assert.deepEqual(b.heard.get(ring), []);
    world.links.healAll();
    world.switchboard.settle();
    world.pass(TOKEN_MS);
    assert.deepEqual(b.heard.get(ring), [`${a.seat.process.processId}:late`]);
    assert.equal(b.views.at(-1)?.ringId, ring);
  });

  it("keeps a message on its side of the cut", () => {
    const world = createWorld();
    const [a, b] = [world.start(1), world.start(2)];
    const ring = a.views.at(-1)?.ringId ?? "";
    world.links.cut(2, 1);
    world.switchboard.settle();
    world.switchboard.accept(a.seat, 1, Buffer.from("x"));
    world.pass(TOKEN_MS);
    assert.equal(a.heard.get(ring)?.length, 1, "its sender hears it before the next view");
    assert.deepEqual(b.heard.get(ring), []);
  });

  it("hears no farewell from beyond a cut", () => {
    const world = createWorld();
    const [a, b] = [world.start(1), world.start(2)];
    world.links.cut(1, 2);
    world.switchboard.settle();
    world.switchboard.exit(b.seat, "left");
    world.pass(TOKEN_MS);
    assert.deepEqual(
      a.views.at(-1)?.left.map(({ reason }) => reason),
      ["node-down"],
    );
  });

  it("shows a crash after the token time, also when the node is back before", () => {
    const world = createWorld();
    const [a, b] = [world.start(1), world.start(2)];
    const views = a.views.length;
    world.switchboard.crash(2);
    world.switchboard.exit(b.seat, "died");
    assert.equal(a.views.length, views, "silence takes its time");
    const again = world.start(2);
    world.pass(TOKEN_MS);
    const [left] = a.views.flatMap((view) => view.left);
    assert.deepEqual(left, { ...b.seat.process, reason: "node-down" });
    assert.equal(a.views.at(-1)?.ringId, again.views.at(-1)?.ringId);
  });

  it("waits for both of two nodes, and forgets with the power that it saw them", () => {
    const world = createWorld();
    const two = { twoNode: true, expectedVotes: 2 };
    const a = world.start(1, two);
    assert.equal(a.views.at(-1)?.quorate, false);
    const b = world.start(2, two);
    assert.equal(a.views.at(-1)?.quorate, true);
    world.switchboard.crash(2);
    world.pass(TOKEN_MS);
    assert.equal(a.views.at(-1)?.quorate, true, "one vote is the quorum");
    world.switchboard.exit(b.seat, "died");
    world.links.cutNode(1);
    const reborn = world.start(2, two);
    assert.equal(reborn.views.at(-1)?.quorate, false);
  });

  it("pauses the ring for a member that is behind, for nobody else's loss", () => {
    const world = createWorld();
    const [a, b] = [world.start(1), world.start(2)];
    b.isCongested = true;
    world.switchboard.accept(a.seat, 1, Buffer.from("x"));
    const ring = a.views.at(-1)?.ringId ?? "";
    assert.deepEqual(a.heard.get(ring), []);
    b.isCongested = false;
    world.switchboard.pump(b.seat);
    assert.equal(a.heard.get(ring)?.length, 1);
    assert.equal(b.heard.get(ring)?.length, 1);
  });
});
