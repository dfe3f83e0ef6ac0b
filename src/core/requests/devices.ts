/** `check`, `power` and `unfence`: this node asks the devices itself, and nothing is decided by it. */
import type { NodeConfig } from "../config.ts";
import type { DeviceCheck } from "../effects.ts";
import type { AgentExit } from "../inputs.ts";
import type { FenceStep } from "../ledger.ts";
import type { Turn } from "../state.ts";
import { emit, update } from "../turn.ts";
import { answer, replace } from "./drive.ts";
import type { PendingRequest } from "./pending.ts";

type Check = Extract<PendingRequest, { type: "check" }>;
type Unfence = Extract<PendingRequest, { type: "unfence" }>;

function nextOp(turn: Turn): number {
  const opId = turn.state.nextOpId;
  update(turn, { nextOpId: opId + 1 });
  return opId;
}

/** Asks every device of the node (or of one method) at once: a hung one delays no other. */
export function startCheck(turn: Turn, id: string, node: NodeConfig, only?: number): void {
  const waiting = new Map<number, Omit<DeviceCheck, "power" | "ok" | "detail" | "tookMs">>();
  node.methods.forEach((method, index) => {
    if (only !== undefined && only !== index) return;
    method.devices.forEach((use, device) => {
      const opId = nextOp(turn);
      const about = {
        method: index,
        methodName: method.name,
        device,
        deviceName: use.device,
        agent: use.agent,
      };
      waiting.set(opId, about);
      const { budgetMs } = use;
      emit(turn, {
        type: "run-agent",
        opId,
        config: turn.state.config.digest,
        node: node.id,
        method: index,
        device,
        action: "status",
        budgetMs,
      });
    });
  });
  if (waiting.size === 0) {
    emit(turn, { type: "reply", id, reply: { ok: true, result: { type: "checked", devices: [] } } });
    return;
  }
  update(turn, {
    requests: [...turn.state.requests, { type: "check", id, node: node.id, waiting, done: [] }],
  });
}

function onCheckExit(turn: Turn, request: Check, exit: AgentExit): void {
  const about = request.waiting.get(exit.opId) as Omit<DeviceCheck, "power" | "ok" | "detail" | "tookMs">;
  const power = exit.result === "ok" ? (exit.power ?? "unknown") : "unknown";
  const check: DeviceCheck = {
    ...about,
    power,
    ok: power !== "unknown",
    detail: exit.detail,
    tookMs: exit.tookMs,
  };
  const waiting = new Map(request.waiting);
  waiting.delete(exit.opId);
  const done = [...request.done, check].sort((a, b) => a.method - b.method || a.device - b.device);
  if (waiting.size > 0) replace(turn, { ...request, waiting, done });
  else answer(turn, request.id, { ok: true, result: { type: "checked", devices: done } });
}

/** Every device of `<unfence>` is tried, in order, also after a failure. */
export function startUnfence(turn: Turn, id: string, node: NodeConfig): void {
  if (node.unfence.length === 0) {
    const result = { type: "unfenced", outcome: "undefined", steps: [] } as const;
    emit(turn, { type: "reply", id, reply: { ok: true, result } });
    return;
  }
  const request: Unfence = {
    type: "unfence",
    id,
    node: node.id,
    opId: 0,
    config: turn.state.config.digest,
    uses: node.unfence,
    device: -1,
    failed: false,
    steps: [],
  };
  update(turn, { requests: [...turn.state.requests, request] });
  nextUnfence(turn, request);
}

function nextUnfence(turn: Turn, request: Unfence): void {
  const device = request.device + 1;
  const use = request.uses[device];
  if (use === undefined) {
    const outcome = request.failed ? "failed" : "success";
    answer(turn, request.id, { ok: true, result: { type: "unfenced", outcome, steps: request.steps } });
    return;
  }
  const opId = nextOp(turn);
  replace(turn, { ...request, opId, device });
  const action = use.action === undefined || use.action === "enable" ? "on" : use.action;
  emit(turn, {
    type: "run-agent",
    opId,
    config: request.config,
    node: request.node,
    method: "unfence",
    device,
    action,
    budgetMs: use.budgetMs,
  });
}

function onUnfenceExit(turn: Turn, request: Unfence, exit: AgentExit): void {
  const use = request.uses[request.device];
  const step: FenceStep = {
    at: turn.now.wall,
    executor: turn.state.nodeId,
    attempt: 0,
    method: "unfence",
    methodIndex: 0,
    device: use?.device ?? "?",
    deviceIndex: request.device,
    agent: use?.agent ?? "?",
    action: use?.action ?? "on",
    result: exit.result,
    tookMs: exit.tookMs,
    text: exit.detail,
  };
  const failed = request.failed || exit.result !== "ok";
  nextUnfence(turn, { ...request, failed, steps: [...request.steps, step] });
}

/** Answers true when the exit belonged to a request. */
export function onRequestExit(turn: Turn, exit: AgentExit): boolean {
  for (const request of turn.state.requests) {
    if (request.type === "check" && request.waiting.has(exit.opId)) {
      onCheckExit(turn, request, exit);
      return true;
    }
    if (request.type === "unfence" && request.opId === exit.opId) {
      onUnfenceExit(turn, request, exit);
      return true;
    }
  }
  return false;
}
