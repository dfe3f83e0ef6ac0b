/** What a person or program asks of this daemon: refuse with a reason, or begin. */
import { type NodeConfig, nodeById } from "../config.ts";
import { onConfigRequest } from "../configuration/requests.ts";
import { isClean, usesOf } from "../domain/hello.ts";
import type { ErrorCode } from "../errors.ts";
import { presentRun } from "../fencing/deliver.ts";
import type { Request } from "../inputs.ts";
import type { Turn } from "../state.ts";
import { byNode, emit, update } from "../turn.ts";
import { contradiction } from "./contradiction.ts";
import { startCheck, startUnfence } from "./devices.ts";
import type { PendingRequest } from "./pending.ts";

/** Characters of an operator's word, with what speaks against it. */
const STATEMENT_CHARS_MAX = 900;
/** Requests that may wait at once; a person's word and a goodbye are always taken. */
export const REQUESTS_MAX = 64;

function refuse(turn: Turn, id: string, error: ErrorCode, detail: string): void {
  emit(turn, { type: "reply", id, reply: { ok: false, error, detail } });
}

function pend(turn: Turn, request: PendingRequest): void {
  update(turn, { requests: [...turn.state.requests, request] });
}

export function onRequest(turn: Turn, id: string, request: Request): void {
  const urgent = request.type === "ack" || request.type === "leave";
  if (turn.state.requests.length >= REQUESTS_MAX && !urgent) {
    refuse(turn, id, "DOM_NOT_SYNCED", `${REQUESTS_MAX} requests are waiting already`);
    return;
  }
  switch (request.type) {
    case "join":
      return onJoinRequest(turn, id);
    case "leave":
      return onLeaveRequest(turn, id);
    case "config-stage":
    case "config-activate":
    case "config-confirm":
    case "config-discard":
      return onConfigRequest(turn, id, request);
    default: {
      const node = nodeById(turn.state.config, request.node);
      if (node === undefined) refuse(turn, id, "REQ_NODE_UNKNOWN", `there is no node ${request.node}`);
      else if (request.type === "fence") onFenceRequest(turn, id, node, request.by);
      else if (request.type === "unfence") startUnfence(turn, id, node);
      else if (request.type === "check") startCheck(turn, id, node, request.method);
      else onAckRequest(turn, id, node, request);
    }
  }
}

/** Its asker is gone. A leave that was not delivered is off: the gate may open again. */
export function onCancel(turn: Turn, id: string): void {
  const request = turn.state.requests.find((one) => one.id === id);
  update(turn, { requests: turn.state.requests.filter((one) => one.id !== id) });
  if (request?.type !== "leave") return;
  update(turn, { leaving: false, localFreeze: "a leave was given up; an epoch must be established anew" });
}

function onJoinRequest(turn: Turn, id: string): void {
  const { nodeId, ledger, outside } = turn.state;
  const inUse = usesOf(turn.state);
  if (byNode(ledger.members, nodeId) !== undefined) {
    update(turn, { wants: "join" });
    emit(turn, { type: "reply", id, reply: { ok: true, result: { type: "already" } } });
  } else if (outside?.role === "stray" && !isClean(turn.state)) {
    refuse(turn, id, "DOM_EXPELLED", outside.why);
  } else if (!isClean(turn.state)) {
    const what = inUse === undefined ? "what this host uses is not known yet" : inUse.join("; ");
    refuse(turn, id, "DOM_IN_USE", `storage is in use although this node is not in the domain: ${what}`);
  } else {
    update(turn, { wants: "join" });
    pend(turn, { type: "join", id });
  }
}

function onLeaveRequest(turn: Turn, id: string): void {
  const { nodeId, ledger } = turn.state;
  const inUse = usesOf(turn.state);
  if (byNode(ledger.members, nodeId) === undefined) {
    update(turn, { wants: "none" });
    emit(turn, { type: "reply", id, reply: { ok: true, result: { type: "already" } } });
  } else if (!isClean(turn.state)) {
    refuse(
      turn,
      id,
      "DOM_IN_USE",
      `cannot leave, storage is in use: ${inUse?.join("; ") ?? "what is in use is not known yet"}`,
    );
  } else {
    update(turn, { leaving: true });
    pend(turn, { type: "leave", id });
  }
}

function onFenceRequest(turn: Turn, id: string, node: NodeConfig, by: string): void {
  if (!node.methods.some((method) => method.devices.length > 0)) {
    emit(turn, {
      type: "reply",
      id,
      reply: { ok: true, result: { type: "fenced", outcome: "undefined", steps: [] } },
    });
    return;
  }
  if (turn.state.ledger.members.every((member) => member.node === node.id)) {
    const self = node.id === turn.state.nodeId;
    refuse(
      turn,
      id,
      self ? "DOM_FENCE_SELF" : "DOM_NOT_JOINED",
      `no member of the fence domain can fence ${node.name}`,
    );
    return;
  }
  const incarnation = presentRun(turn.state.ledger, node.id);
  const run = incarnation === undefined ? {} : { incarnation };
  pend(turn, { type: "fence", id, node: node.id, by, asked: false, steps: [], ...run });
}

function onAckRequest(
  turn: Turn,
  id: string,
  node: NodeConfig,
  request: Extract<Request, { type: "ack" }>,
): void {
  const victim = byNode(turn.state.ledger.victims, node.id);
  if (victim === undefined) {
    refuse(turn, id, "DOM_NOT_VICTIM", `${node.name} is no victim`);
    return;
  }
  const against = contradiction(turn, victim);
  if (against !== undefined && request.contradict === undefined) {
    refuse(turn, id, "DOM_ACK_CONTRADICTED", against);
    return;
  }
  const insisted = against === undefined ? "" : ` (although ${against}: ${request.contradict})`;
  const run = victim.incarnation === undefined ? {} : { incarnation: victim.incarnation };
  pend(turn, {
    type: "ack",
    id,
    node: node.id,
    by: request.by,
    statement: `${request.statement}${insisted}`.slice(0, STATEMENT_CHARS_MAX),
    insists: request.contradict !== undefined,
    ...run,
  });
}
