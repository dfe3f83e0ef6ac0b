/** The one sentence for 3 a.m.: is my storage writable, if not why, and what may I do? */
import type { Now } from "../ids.ts";
import type { State } from "../state.ts";
import type { Cause } from "./types.ts";

/** `41 s`, `3 min 5 s`, `2 h 10 min`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

export function verdictOf(state: State, why: readonly Cause[], now: Now): string {
  const { ledger, config } = state;
  if (state.gate.open) {
    const ready = config.nodes.filter((node) => node.methods.length > 0).length;
    return `Storage is writable. ${ledger.members.length} of ${config.nodes.length} nodes are members; ${ready} of ${config.nodes.length} can be fenced.`;
  }
  const first = why.find((cause) => cause.code === "victim") ?? why[0];
  const since = formatDuration(now.wall - state.gate.since);
  if (first === undefined) return `Storage is held on this node (${since}).`;
  if (first.code === "not-joined") return `Storage is held on this node: it is not in the fence domain.`;
  const who = first.node === undefined ? "" : `${first.node}: `;
  return `Storage is held (${since}): ${who}${first.step}.`;
}
