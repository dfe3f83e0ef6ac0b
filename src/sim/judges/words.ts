/**
 * What judges compare with. Not the core's own functions: a bug in these must not blind the judges.
 */
import type { ClusterConfig, Grade, MethodConfig } from "../../core/config.ts";
import type { Incarnation, NodeId } from "../../core/ids.ts";
import type { State } from "../../core/state.ts";
import type { SimNode } from "../types.ts";

export function isSameRun(a: Incarnation | undefined, b: Incarnation | undefined): boolean {
  return a !== undefined && b !== undefined && a.boot === b.boot && a.start === b.start;
}

/** The name of the boot that the machine is in. */
export function bootNow(node: SimNode): string {
  return `boot-${node.id}-${node.boots}`;
}

/** Which boot of its machine an incarnation is of; counts from 1. */
export function bootNumber({ boot }: Incarnation): number {
  return Number(boot.slice(boot.lastIndexOf("-") + 1));
}

export function itemOf<T extends { readonly node: NodeId }>(
  items: readonly T[],
  node: NodeId,
): T | undefined {
  return items.find((item) => item.node === node);
}

const STRENGTH: Readonly<Record<Grade, number>> = { D: 1, C: 2, B: 3, A: 4, H: 5 };

export function isEnough(grade: Grade, demand: Grade): boolean {
  return STRENGTH[grade] >= STRENGTH[demand];
}

/** Nodes of the view that have said hello to this core and are not left out. */
export function speaking(core: State): ReadonlySet<NodeId> {
  const nodes = new Set<NodeId>();
  for (const { nodeId, processId } of core.ring?.members ?? []) {
    const key = `${nodeId}/${processId}`;
    if (core.ring?.hellos.has(key) === true && !core.ring.muted.includes(key)) nodes.add(nodeId);
  }
  return nodes;
}

/** Is the process that this core believes to be the master its own? */
export function isMasterItself(node: SimNode): boolean {
  const ring = node.core?.ring;
  return ring?.phase === "synced" && ring.master === `${node.id}/${node.processId}`;
}

/** An outlet of the method feeds the shooter, too: it would go off before it could tell. */
export function takesAlong({ nodes }: ClusterConfig, shooter: NodeId, method: MethodConfig): boolean {
  const outlets = nodes.find(({ id }) => id === shooter)?.methods.flatMap(({ devices }) => devices) ?? [];
  return method.devices.some((use) =>
    outlets.some((own) => own.plug !== "" && `${own.device} ${own.plug}` === `${use.device} ${use.plug}`),
  );
}
