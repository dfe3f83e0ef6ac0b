/** What must hold of every engine whatever a test did: checked at the end of each one. */
import assert from "node:assert/strict";
import type { MessageSeen, ViewSeen } from "./events.ts";
import type { Member } from "./member.ts";

interface Stay {
  readonly view: ViewSeen;
  /** The ring that came after it; undefined while it lasts, or when the engine was lost in it. */
  readonly next: string | undefined;
  readonly messages: readonly MessageSeen[];
}

/** Virtual synchrony, and the shape of every view. */
export function checkHistories(members: readonly Member[]): void {
  const histories = members.map(staysOf);
  const memberLists = new Map<string, string>();
  for (const [index, stays] of histories.entries()) {
    const rings = stays.map(({ view }) => view.ringId);
    assert.equal(new Set(rings).size, rings.length, `a ring id came twice: ${rings.join(" ")}`);
    for (const { view } of stays) {
      checkView(view, members[index] as Member);
      const list = JSON.stringify(view.members);
      assert.equal(memberLists.get(view.ringId) ?? list, list, `two member lists for ring ${view.ringId}`);
      memberLists.set(view.ringId, list);
    }
  }
  for (const [index, stays] of histories.entries()) {
    for (const others of histories.slice(index + 1)) compareHistories(stays, others);
  }
}

function checkView(view: ViewSeen, member: Member): void {
  const keys = view.members.map(({ nodeId, processId }) => `${nodeId}/${processId}`);
  assert.ok(keys.includes(`${member.nodeId}/${member.processId}`), `${view.ringId} is without its receiver`);
  const sorted = [...view.members].sort(
    (a, b) => a.nodeId - b.nodeId || (a.processId < b.processId ? -1 : 1),
  );
  assert.deepEqual(view.members, sorted, "members are sorted");
  for (const { nodeId, processId } of view.joined) {
    assert.ok(keys.includes(`${nodeId}/${processId}`), `${nodeId}/${processId} joined and is no member`);
  }
  const quorums = member.events.filter((e) => e.type === "quorum" && e.ringId === view.ringId);
  const isOver = view !== member.views().at(-1);
  assert.ok(quorums.length > 0 || isOver, `no quorum event for ${view.ringId}`);
}

/** Who goes from one ring to the next together has seen the same messages in it. */
function compareHistories(mine: readonly Stay[], theirs: readonly Stay[]): void {
  for (const a of mine) {
    const b = theirs.find(({ view }) => view.ringId === a.view.ringId);
    if (b === undefined) continue;
    const [x, y] = [a.messages.map(formatMessage), b.messages.map(formatMessage)];
    if (a.next !== undefined && a.next === b.next) {
      assert.deepEqual(x, y, `messages of ring ${a.view.ringId}`);
    } else {
      // At the edge of a ring each side may have seen what the other has not, but in no other order.
      assert.deepEqual(
        x.filter((message) => y.includes(message)),
        y.filter((message) => x.includes(message)),
        `order in ring ${a.view.ringId}`,
      );
    }
  }
}

function formatMessage({ from, text, bytes }: MessageSeen): string {
  return `${from} ${text} ${bytes}`;
}

function staysOf(member: Member): Stay[] {
  const stays: { view: ViewSeen; next: string | undefined; messages: MessageSeen[] }[] = [];
  let isLost = false;
  for (const event of member.events) {
    const current = stays.at(-1);
    if (event.type === "lost") isLost = true;
    if (event.type === "view") {
      if (current !== undefined && !isLost) current.next = event.ringId;
      isLost = false;
      stays.push({ view: event, next: undefined, messages: [] });
    }
    if (event.type === "message") {
      assert.ok(current !== undefined, "a message before the first view");
      assert.ok(!isLost, "a message between the loss of the engine and the next view");
      current.messages.push(event);
    }
  }
  return stays;
}
