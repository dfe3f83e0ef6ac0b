/** One word per state, the same in every command. */
import type { DoneHow, FenceStep, VictimStage } from "../../core/ledger.ts";
import type { NodeView, StatusView } from "../../core/view/types.ts";
import type { Paint } from "./paint.ts";
import type { Cell } from "./text.ts";

const STAGES: Record<VictimStage, string> = {
  waiting: "waits to be fenced",
  fencing: "being fenced",
  stuck: "stuck",
};

const STATES: Record<NodeView["state"], string> = {
  member: "member",
  joining: "joining",
  observer: "not joined",
  victim: "lost",
  suspect: "daemon silent",
  departed: "left cleanly",
  absent: "absent",
  expelled: "expelled",
  refused: "refused",
};

export function stateCell(node: NodeView, status: StatusView, paint: Paint): Cell {
  const victim = status.victims.find((one) => one.id === node.id);
  if (victim !== undefined) return { text: `lost, ${STAGES[victim.stage]}`, paint: paint.bad };
  const text = node.master ? `${STATES[node.state]}, master` : STATES[node.state];
  if (node.state === "member") return { text, paint: paint.good };
  if (node.state === "suspect" || node.state === "joining") return { text, paint: paint.warn };
  if (node.state === "expelled" || node.state === "refused") return { text, paint: paint.bad };
  return { text };
}

export function stageWord(stage: VictimStage): string {
  return STAGES[stage];
}

/** How a victim ended, after "ended:" or in a column. */
export const HOW: Record<DoneHow, string> = {
  agent: "fenced",
  member: "came back clean",
  reunited: "reunited",
  external: "fenced by hand",
  override: "acknowledged",
  watchdog: "watchdog",
};

export const HOW_LONG: Record<DoneHow, string> = {
  agent: "its fence device proved it off",
  member: "it rebooted by itself and came back clean",
  reunited: "it came back as it had left, nobody had moved on without it",
  external: "a person fenced it with fence_node or `bouncer fence`",
  override: "a person acknowledged that it is off",
  watchdog: "its watchdog had reset it",
};

export function nameOf(status: StatusView | undefined, id: number): string {
  return status?.nodes.find((node) => node.id === id)?.name ?? `node ${id}`;
}

/** What one step came to: the power that was read, or how the run ended. */
export function stepResult(step: FenceStep): string {
  if (step.result === "ok" && step.power !== undefined) return `is ${step.power}`;
  return step.result === "timeout" ? "timed out" : step.result;
}
