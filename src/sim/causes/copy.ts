/**
 * Copies of the cores of one ring, for questions that begin with "what if": each is changed as the question
 * says, and then all of them go on by themselves, with messages that arrive and disks that answer at once. No
 * time passes unless it is told to, no agent answers, and nothing of it is ever seen by the world.
 */
import type { Millis, NodeId, Now, ProcessRef } from "../../core/ids.ts";
import type { Input } from "../../core/inputs.ts";
import type { Body } from "../../core/messages.ts";
import type { State } from "../../core/state.ts";
import { step } from "../../core/step.ts";
import type { Inside, SimNode } from "../types.ts";

/** Inputs until a ring has come to rest. More: no verdict. */
const INPUTS_MAX = 2_000;

interface Fed {
  readonly to: NodeId;
  readonly input: Input;
}

export interface RingCopy {
  readonly states: Map<NodeId, State>;
  /** What was sent in it, in order. */
  readonly sent: Body[];
  /** Disks that answer. */
  readonly disks: Set<NodeId>;
  /** Of these, the ones that still owe an answer of before the copy was made. */
  readonly owing: Set<NodeId>;
  /** Virtual time since the copy was made. Units: ms. */
  later: Millis;
  /** It asked for something that only the world has: what it does says nothing. */
  isVoid: boolean;
  readonly waiting: Fed[];
  readonly now: ReadonlyMap<NodeId, Now>;
}

function isAwake({ power, hung, paused, backlog }: SimNode): boolean {
  return power === "on" && !hung && !paused && backlog.length === 0;
}

/** Everybody in the view of this core, each with the same view. */
function ringNodes(inside: Inside, core: State): readonly SimNode[] | undefined {
  const found: SimNode[] = [];
  for (const { nodeId, processId } of core.ring?.members ?? []) {
    const node = inside.nodes.get(nodeId);
    if (node?.core === undefined || node.processId !== processId || !isAwake(node)) return undefined;
    const { ring, quorum } = node.core;
    if (ring?.phase !== "synced" || ring.id !== core.ring?.id || ring.muted.length > 0) return undefined;
    if (quorum?.ringId !== ring.id) return undefined; // Votequorum has not spoken yet.
    found.push(node);
  }
  return found.length === 0 ? undefined : found;
}

/** Undefined while anything is on its way in the node's ring: a copy would lose it. */
export function copyRing(inside: Inside, node: SimNode): RingCopy | undefined {
  if (node.core?.ring?.phase !== "synced" || !inside.group.isQuiet(node.id)) return undefined;
  const nodes = ringNodes(inside, node.core);
  if (nodes === undefined) return undefined;
  return {
    states: new Map(nodes.map((one) => [one.id, one.core as State])),
    sent: [],
    disks: new Set(nodes.map((one) => one.id)),
    owing: new Set(nodes.map((one) => one.id)),
    later: 0,
    isVoid: false,
    waiting: [],
    now: new Map(nodes.map((one) => [one.id, inside.now(one)])),
  };
}

/** The same ring once more, for another question. */
export function again(copy: RingCopy): RingCopy {
  const { states, disks, owing } = copy;
  const own = { states: new Map(states), disks: new Set(disks), owing: new Set(owing) };
  return { ...copy, ...own, sent: [], waiting: [] };
}

export function change(copy: RingCopy, edit: (state: State) => State): void {
  for (const [id, state] of copy.states) copy.states.set(id, edit(state));
}

export function feedAll(copy: RingCopy, inputOf: (state: State) => Input): void {
  for (const [id, state] of copy.states) copy.waiting.push({ to: id, input: inputOf(state) });
}

function refOf({ nodeId, processId }: State): ProcessRef {
  return { nodeId, processId };
}

function takeOne(copy: RingCopy, { to, input }: Fed): void {
  const state = copy.states.get(to);
  const now = copy.now.get(to);
  if (state === undefined || now === undefined) return;
  const next = step(state, input, { mono: now.mono + copy.later, wall: now.wall + copy.later });
  copy.states.set(to, next.state);
  for (const effect of next.effects) {
    if (effect.type === "multicast") {
      const from = refOf(state);
      copy.sent.push(effect.message.body);
      feedAll(copy, () => ({ type: "deliver", from, message: effect.message }));
    } else if (effect.type === "persist" && copy.disks.has(to)) {
      const { n, proposer } = effect.epoch;
      copy.waiting.push({ to, input: { type: "persisted", n, proposer } });
    } else if (effect.type === "exit" || effect.type === "read-config" || effect.type === "make-config") {
      copy.isVoid = true;
    }
  }
}

/** A write that was begun before the copy was made. */
function answerDisks(copy: RingCopy): void {
  for (const [id, { ring }] of copy.states) {
    const proposal = ring?.proposal;
    if (proposal?.isAsked !== true || proposal.persistedBy.has(id)) continue;
    if (!copy.disks.has(id) || !copy.owing.has(id)) continue;
    const { n, proposer } = proposal.epoch;
    copy.waiting.push({ to: id, input: { type: "persisted", n, proposer } });
  }
}

/** Everybody goes on until nothing is left to do. Answers false when that says nothing. */
export function goOn(copy: RingCopy): boolean {
  answerDisks(copy);
  feedAll(copy, () => ({ type: "tick" }));
  for (let count = 0; count < INPUTS_MAX; count++) {
    const next = copy.waiting.shift();
    if (next === undefined) return !copy.isVoid;
    takeOne(copy, next);
  }
  return false;
}
