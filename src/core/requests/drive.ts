/** Keeps asking for what people want until it was delivered, and answers when it is done. */
import { driveConfigRequest } from "../configuration/requests.ts";
import { usesOf } from "../domain/hello.ts";
import type { Reply } from "../effects.ts";
import { type NodeId, sameIncarnation } from "../ids.ts";
import type { DoneHow, FenceStep } from "../ledger.ts";
import type { Turn } from "../state.ts";
import { byNode, emit, firstTime, multicast, update } from "../turn.ts";
import { contradiction } from "./contradiction.ts";
import type { PendingRequest } from "./pending.ts";

export function answer(turn: Turn, id: string, reply: Reply): void {
  update(turn, { requests: turn.state.requests.filter((request) => request.id !== id) });
  emit(turn, { type: "reply", id, reply });
}

export function replace(turn: Turn, request: PendingRequest): void {
  update(turn, { requests: turn.state.requests.map((one) => (one.id === request.id ? request : one)) });
}

export function driveRequests(turn: Turn): void {
  for (const request of turn.state.requests) {
    switch (request.type) {
      case "join":
        if (byNode(turn.state.ledger.members, turn.state.nodeId) !== undefined) {
          answer(turn, request.id, { ok: true, result: { type: "joined" } });
        }
        break;
      case "leave":
        driveLeave(turn, request.id);
        break;
      case "fence":
        if (!request.asked && turn.state.ring?.phase === "synced" && firstTime(turn, `shoot ${request.id}`)) {
          const { node, by, incarnation } = request;
          multicast(turn, { type: "shoot", node, by, ...(incarnation === undefined ? {} : { incarnation }) });
        }
        break;
      case "ack":
        driveAck(turn, request);
        break;
      case "config":
        driveConfigRequest(turn, request);
        break;
      case "check":
      case "unfence":
        break;
    }
  }
}

/** The gate was shut for it; whoever slipped in before is found now, and then nobody leaves. */
function driveLeave(turn: Turn, id: string): void {
  const { ledger, nodeId } = turn.state;
  const inUse = usesOf(turn.state);
  if (byNode(ledger.members, nodeId) === undefined) {
    update(turn, { leaving: false, wants: "none" }); // Also when it ended in another way.
    answer(turn, id, { ok: true, result: { type: "left" } });
  } else if (inUse === undefined) {
    return;
  } else if (inUse.length > 0 && !turn.state.watch.sent.has("leave")) {
    update(turn, { leaving: false, localFreeze: "a leave was refused; an epoch must be established anew" });
    const detail = `cannot leave, storage is in use: ${inUse.join("; ")}`;
    answer(turn, id, { ok: false, error: "DOM_IN_USE", detail });
  } else if (turn.state.ring?.phase === "synced" && firstTime(turn, "leave")) {
    multicast(turn, { type: "leave" });
  }
}

/** In every new ring the word is weighed anew: it must not end another situation than it was given in. */
function driveAck(turn: Turn, request: Extract<PendingRequest, { type: "ack" }>): void {
  const victim = byNode(turn.state.ledger.victims, request.node);
  if (victim === undefined) {
    const victimsLeft = turn.state.ledger.victims.map((one) => one.node);
    answer(turn, request.id, { ok: true, result: { type: "acknowledged", victimsLeft } });
    return;
  }
  if (turn.state.ring?.phase !== "synced" || victim.evidence.some((item) => item.grade === "H")) return;
  if (turn.state.watch.sent.has(`ack ${request.id}`)) return; // On its way in this ring.
  const { node, by, statement, insists, incarnation } = request;
  const same =
    incarnation === undefined
      ? victim.incarnation === undefined
      : sameIncarnation(incarnation, victim.incarnation);
  const against = same ? contradiction(turn, victim) : "it was started anew since you said so";
  if (against !== undefined && !(insists && same)) {
    answer(turn, request.id, { ok: false, error: "DOM_ACK_CONTRADICTED", detail: against });
    return;
  }
  if (!firstTime(turn, `ack ${request.id}`)) return;
  const run = incarnation === undefined ? {} : { incarnation };
  multicast(turn, { type: "ack", node, ...run, by, statement, insists, wall: turn.now.wall });
}

function fenceRequests(turn: Turn, node: NodeId): readonly Extract<PendingRequest, { type: "fence" }>[] {
  return turn.state.requests.filter((one) => one.type === "fence" && one.node === node) as never;
}

/** Our own `shoot` was delivered: whatever follows about this node answers the request. */
export function onAsked(turn: Turn, node: NodeId): void {
  for (const request of fenceRequests(turn, node)) replace(turn, { ...request, asked: true });
}

export function onTried(turn: Turn, node: NodeId, steps: readonly FenceStep[], outcome?: "success"): void {
  for (const request of fenceRequests(turn, node)) {
    if (!request.asked) continue;
    const all = [...request.steps, ...steps];
    if (outcome === undefined) replace(turn, { ...request, steps: all });
    else answer(turn, request.id, { ok: true, result: { type: "fenced", outcome, steps: all } });
  }
}

/** Nobody could do it, or a whole round failed. */
export function onGivenUp(turn: Turn, node: NodeId): void {
  for (const request of fenceRequests(turn, node)) {
    if (!request.asked) continue;
    answer(turn, request.id, {
      ok: true,
      result: { type: "fenced", outcome: "failed", steps: request.steps },
    });
  }
}

/** The incident ended, with or without a shot. */
export function onClosed(turn: Turn, node: NodeId, how: DoneHow): void {
  if (how === "agent" || how === "external") onTried(turn, node, [], "success");
  else onGivenUp(turn, node);
}
