/** What docs/engines.md promises of every engine, as tests: one suite, whatever is below. */
import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { PAYLOAD_BYTES_MAX } from "../../../src/ports/group-engine.ts";
import { checkHistories } from "./checks.ts";
import type { ChildEvent, ViewSeen } from "./events.ts";
import type { Harness, HarnessKind } from "./harness.ts";
import type { Member } from "./member.ts";

export function defineSuite(kind: HarnessKind): void {
  describe(`group engine ${kind.name}`, () => {
    it("delivers everything in one order, also to its sender", async (t) => {
      const [, members] = await cluster(t, kind, [1, 2, 3]);
      await agree(members, [1, 2, 3]);
      await Promise.all(members.map((member) => member.send(`n${member.nodeId}-`, { count: 50 })));
      for (const member of members) await messages(member, 150);
      const orders = members.map((member) => member.messages().map(({ from, text }) => `${from} ${text}`));
      assert.deepEqual(orders[1], orders[0]);
      assert.deepEqual(orders[2], orders[0]);
    });

    it("gives every view an id of its own, the same on all members", async (t) => {
      const [, members] = await cluster(t, kind, [1, 2]);
      const before = await agree(members, [1, 2]);
      // The same set of processes recurs: something came and went in between.
      await members[1]?.close();
      await agree(members.slice(0, 1), [1]);
      assert.notEqual(last(members[0]).ringId, before[0]?.ringId);
    });

    it("gives a set of members that recurs another ring id", async (t) => {
      const [harness, members] = await cluster(t, kind, [1, 2]);
      const before = await agree(members, [1, 2]);
      const guest = await track(t, harness.start(2));
      const during = await agree([...members, guest], [1, 2, 2]);
      await guest.close();
      const after = await agree(members, [1, 2]);
      const ids = [before, during, after].map((views) => views[0]?.ringId);
      assert.equal(new Set(ids).size, 3, ids.join(" "));
    });

    it("says of a process that left in order: leave", async (t) => {
      const [, members] = await cluster(t, kind, [1, 2, 3]);
      await agree(members, [1, 2, 3]);
      await members[2]?.close();
      for (const view of await agree(members.slice(0, 2), [1, 2])) {
        assert.deepEqual(leftOf(view), ["3 leave"]);
        assert.deepEqual(view.joined, []);
      }
    });

    it("says of a process that died: process-down", async (t) => {
      const [, members] = await cluster(t, kind, [1, 2, 3]);
      await agree(members, [1, 2, 3]);
      await members[2]?.kill();
      for (const view of await agree(members.slice(0, 2), [1, 2])) {
        assert.deepEqual(leftOf(view), ["3 process-down"]);
      }
    });

    it("says of a process whose node lost power: node-down", async (t) => {
      const [harness, members] = await cluster(t, kind, [1, 2, 3]);
      await agree(members, [1, 2, 3]);
      await harness.crash(3);
      for (const view of await agree(members.slice(0, 2), [1, 2])) {
        assert.deepEqual(leftOf(view), ["3 node-down"]);
      }
    });

    it("tells both sides of a partition and of its end what each of them saw", async (t) => {
      const [harness, members] = await cluster(t, kind, [1, 2, 3, 4]);
      await agree(members, [1, 2, 3, 4]);
      await harness.split([
        [1, 2],
        [3, 4],
      ]);
      const [low, high] = [members.slice(0, 2), members.slice(2)];
      const [lowViews, highViews] = [await agree(low, [1, 2]), await agree(high, [3, 4])];
      for (const view of lowViews) assert.deepEqual(leftOf(view), ["3 node-down", "4 node-down"]);
      for (const view of highViews) assert.deepEqual(leftOf(view), ["1 node-down", "2 node-down"]);
      assert.notEqual(lowViews[0]?.ringId, highViews[0]?.ringId);
      await harness.heal();
      const merged = await agree(members, [1, 2, 3, 4]);
      assert.deepEqual(merged.map(joinedOf), [
        ["3", "4"],
        ["3", "4"],
        ["1", "2"],
        ["1", "2"],
      ]);
      for (const view of merged) assert.deepEqual(view.left, []);
    });

    it("is quorate on the larger side only", async (t) => {
      const [harness, members] = await cluster(t, kind, [1, 2, 3]);
      await agree(members, [1, 2, 3]);
      for (const member of members) assert.deepEqual(await quorum(member), "quorate 2 1");
      await harness.split([[1, 2], [3]]);
      await agree(members.slice(0, 2), [1, 2]);
      await agree(members.slice(2), [3]);
      const answers = await Promise.all(members.map(quorum));
      assert.deepEqual(answers, ["quorate 2 1", "quorate 2 1", "inquorate 2 1"]);
      await harness.heal();
      await agree(members, [1, 2, 3]);
      for (const member of members) assert.equal(await quorum(member), "quorate 2 1");
    });

    it("waits for both of two nodes once, then goes on with either", async (t) => {
      const harness = await openWorld(t, kind, [1, 2], "two-node");
      const first = await track(t, harness.start(1));
      await agree([first], [1]);
      if (kind.name === "loopback") assert.equal(await quorum(first), "inquorate 1 1");
      const second = await track(t, harness.start(2));
      await agree([first, second], [1, 2]);
      await harness.split([[1], [2]]);
      await agree([first], [1]);
      await agree([second], [2]);
      assert.equal(await quorum(first), "quorate 1 1");
      assert.equal(await quorum(second), "quorate 1 1");
    });

    it("lets nothing cross a partition, and nothing of an old view pass for new", async (t) => {
      const [harness, members] = await cluster(t, kind, [1, 2]);
      const [before] = await agree(members, [1, 2]);
      await harness.split([[1], [2]]);
      // Sent into the silence, before anybody knows of it.
      await Promise.all(members.map((member) => member.send(`unheard-${member.nodeId}`)));
      await Promise.all(members.map((member) => agree([member], [member.nodeId])));
      await Promise.all(members.map((member) => member.send(`alone-${member.nodeId}`)));
      await Promise.all(members.map((member) => text(member, `alone-${member.nodeId}`)));
      await harness.heal();
      await agree(members, [1, 2]);
      await Promise.all(members.map((member) => member.send(`together-${member.nodeId}`)));
      for (const member of members) {
        await text(member, "together-1");
        await text(member, "together-2");
        const other = 3 - member.nodeId;
        const foreign = member.messages().filter(({ from }) => from.startsWith(`${other}/`));
        assert.ok(!foreign.some((message) => message.text === `alone-${other}`));
        for (const message of foreign.filter(({ text }) => text === `unheard-${other}`)) {
          // Corosync may still send in a later ring what it queued in this one: the ring tells.
          assert.equal(message.sentIn, before?.ringId);
        }
      }
    });

    it("refuses when it is full, says when there is room, and loses nothing", async (t) => {
      const [, members] = await cluster(t, kind, [1, 2]);
      await agree(members, [1, 2]);
      const [sender, receiver] = members as [Member, Member];
      const accepted = await sender.send("flood-", { count: 100_000, pad: 20_000 });
      assert.ok(accepted > 0 && accepted < 100_000, `accepted ${accepted}`);
      await sender.until("drain", () => sender.events.find((event) => event.type === "drain"));
      assert.equal(await sender.send("after"), 1);
      for (const member of [sender, receiver]) {
        await text(member, "after");
        assert.equal(member.messages().length, accepted + 1);
      }
    });

    it("carries a payload of the greatest size and refuses a greater one", async (t) => {
      const [, members] = await cluster(t, kind, [1, 2]);
      await agree(members, [1, 2]);
      const [sender] = members as [Member, Member];
      assert.equal(await sender.send("large", { pad: PAYLOAD_BYTES_MAX }), 1);
      assert.equal(await sender.send("too large", { pad: PAYLOAD_BYTES_MAX + 1 }), 0);
      for (const member of members) assert.equal((await text(member, "large")).bytes, PAYLOAD_BYTES_MAX);
    });

    it("hands over the garbage of a stranger as bytes", async (t) => {
      const [harness, members] = await cluster(t, kind, [1, 2]);
      const stranger = await track(t, harness.start(2));
      await agree([...members, stranger], [1, 2, 2]);
      assert.equal(await stranger.sendRaw("00ff13"), 1);
      assert.equal(await stranger.sendRaw(""), 1);
      for (const member of members) {
        assert.equal((await text(member, "00ff13")).bytes, 3);
        assert.equal((await text(member, "")).bytes, 0);
      }
      await stranger.kill();
      await agree(members, [1, 2]);
    });

    it("survives the death of what is below it: lost, then a new view", async (t) => {
      const [harness, members] = await cluster(t, kind, [1, 2]);
      await agree(members, [1, 2]);
      const [first] = members as [Member, Member];
      const seen = first.views().length;
      await harness.restartEngine(1);
      await first.until("lost", () => first.events.find((event) => event.type === "lost"));
      const fresh = await first.until("a view after the loss", () => viewAfterLoss(first));
      assert.ok(fresh.joined.length > 0 && fresh.left.length === 0, JSON.stringify(fresh));
      await agree(members, [1, 2]);
      assert.ok(first.views().length > seen);
      assert.equal(await first.send("again"), 1);
      for (const member of members) await text(member, "again");
    });

    it("refuses an orderly shutdown while storage is in use", async (t) => {
      const [harness, members] = await cluster(t, kind, [1]);
      const [member] = members as [Member];
      await agree(members, [1]);
      member.veto("vg0 is active");
      await member.nodes(); // Commands are performed in order: the veto stands.
      assert.equal(await harness.tryShutdown(1), false);
      member.veto(null);
      await member.nodes();
      assert.equal(await harness.tryShutdown(1), true);
      await member.until("lost", () => member.events.find((event) => event.type === "lost"));
    });

    it("takes a node that hangs for lost, and shows it that it was away", async (t) => {
      const [harness, members] = await cluster(t, kind, [1, 2, 3]);
      const [before] = await agree(members, [1, 2, 3]);
      const [first, second, third] = members as [Member, Member, Member];
      harness.hang(3);
      await first.send("missed");
      for (const view of await agree([first, second], [1, 2])) {
        assert.deepEqual(leftOf(view), ["3 node-down"]);
      }
      const seen = third.views().length;
      harness.resume(3);
      await agree(members, [1, 2, 3]);
      const views = third.views().slice(seen);
      assert.deepEqual(views.flatMap(leftOf).sort(), ["1 node-down", "2 node-down"]);
      assert.deepEqual(joinedOf(last(third)), ["1", "2"]);
      for (const message of third.messages().filter(({ text }) => text === "missed")) {
        assert.equal(message.deliveredIn, before?.ringId);
      }
    });

    it("agrees again after every one of several partitions", async (t) => {
      const [harness, members] = await cluster(t, kind, [1, 2, 3]);
      await agree(members, [1, 2, 3]);
      for (const alone of [1, 2, 3]) {
        const others = members.filter((member) => member.nodeId !== alone);
        const nodes = others.map((member) => member.nodeId);
        await harness.split([nodes, [alone]]);
        await Promise.all(members.map((member) => member.send(`during-${alone}-`, { count: 5 })));
        await agree(others, nodes);
        await harness.heal();
        await agree(members, [1, 2, 3]);
      }
    });
  });
}

async function openWorld(
  t: TestContext,
  kind: HarnessKind,
  nodes: readonly number[],
  mode: "two-node" | "majority",
): Promise<Harness> {
  const harness = await kind.open({ nodes, twoNode: mode === "two-node" });
  const { members } = tracked(t);
  t.after(async () => {
    await harness.close();
    checkHistories(members);
  });
  return harness;
}

/** A world with one process on each node. */
async function cluster(
  t: TestContext,
  kind: HarnessKind,
  nodes: readonly number[],
): Promise<[Harness, Member[]]> {
  const harness = await openWorld(t, kind, nodes, "majority");
  return [harness, await Promise.all(nodes.map((node) => track(t, harness.start(node))))];
}

const trackedByTest = new WeakMap<TestContext, { members: Member[] }>();

function tracked(t: TestContext): { members: Member[] } {
  const entry = trackedByTest.get(t) ?? { members: [] };
  trackedByTest.set(t, entry);
  return entry;
}

async function track(t: TestContext, starting: Promise<Member>): Promise<Member> {
  const member = await starting;
  tracked(t).members.push(member);
  return member;
}

/** Waits until all of them are in one view, and know its quorum, with processes on exactly these nodes. */
async function agree(members: readonly Member[], nodes: readonly number[]): Promise<ViewSeen[]> {
  for (;;) {
    const views = await Promise.all(
      members.map((member) => member.until(`a view of ${nodes}`, () => viewOf(member, nodes))),
    );
    if (new Set(views.map(({ ringId }) => ringId)).size <= 1) return views;
    const moved = members.map((member, index) =>
      member.until("the others' view", () => member.views().at(-1) !== views[index] || undefined),
    );
    await Promise.any(moved);
    for (const late of moved) late.catch(() => {});
  }
}

function viewOf(member: Member, nodes: readonly number[]): ViewSeen | undefined {
  const view = member.views().at(-1);
  const isLost = member.events.findLast((e) => e.type === "view" || e.type === "lost")?.type === "lost";
  if (view === undefined || isLost) return undefined;
  if (!member.events.some((event) => event.type === "quorum" && event.ringId === view.ringId))
    return undefined;
  return view.members.map(({ nodeId }) => nodeId).join() === nodes.join() ? view : undefined;
}

function viewAfterLoss(member: Member): ViewSeen | undefined {
  const lost = member.events.findIndex((event) => event.type === "lost");
  const later: readonly ChildEvent[] = member.events.slice(lost);
  return later.find((event) => event.type === "view");
}

function last(member: Member | undefined): ViewSeen {
  const view = member?.views().at(-1);
  assert.ok(view !== undefined);
  return view;
}

/** The engine's latest answer for the view that the member is in. */
function quorum(member: Member): Promise<string> {
  return member.until("quorum of its view", () => {
    const { ringId } = last(member);
    const answer = member.events.findLast((e) => e.type === "quorum" && e.ringId === ringId);
    if (answer?.type !== "quorum") return undefined;
    return `${answer.quorate ? "quorate" : "inquorate"} ${answer.quorumVotes} ${answer.ownVotes}`;
  });
}

function messages(member: Member, count: number): Promise<true> {
  return member.until(`${count} messages`, () => (member.messages().length >= count ? true : undefined));
}

function text(member: Member, wanted: string) {
  return member.until(`message "${wanted}"`, () => member.messages().find((m) => m.text === wanted));
}

function leftOf(view: ViewSeen): string[] {
  return view.left.map(({ nodeId, reason }) => `${nodeId} ${reason}`).sort();
}

function joinedOf(view: ViewSeen): string[] {
  return view.joined.map(({ nodeId }) => String(nodeId)).sort();
}
