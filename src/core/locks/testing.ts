/** A resource in one line, for the lock manager's own tests: `PR1 | CR2>EX | EX3`. */
import { decide } from "./decide.ts";
import type { Mode } from "./modes.ts";
import {
  addRequest,
  convert,
  emptyResource,
  grant,
  type Lock,
  type Resource,
  refuse,
  release,
  sayInUse,
} from "./resource.ts";

/** Owner `node` of the tests has one lock, number 1. */
const ID = 1;

export const NOTHING = emptyResource("ls", "r");

export function ask(resource: Resource, node: number, wants: Mode, hurry?: "hurry"): Resource {
  const noQueue = hurry === undefined ? {} : { noQueue: true as const };
  return addRequest(resource, { node, id: ID, wants, owner: "", since: 0, ...noQueue });
}

export function change(
  resource: Resource,
  node: number,
  mode: Mode,
  more: { readonly noQueue?: true; readonly value?: string } = {},
): Resource {
  return convert(resource, node, ID, { mode, ...more });
}

export function giveBack(resource: Resource, node: number, value?: string): Resource {
  return release(resource, node, ID, value);
}

/** The word of the node that its lock is in use. */
export function inUse(resource: Resource, node: number): Resource {
  return sayInUse(resource, node, ID);
}

/** Carries out what the master would decide. Answers the resource and what was refused. */
export function settle(
  resource: Resource,
  mayHold: (node: number) => boolean = () => true,
): { readonly resource: Resource; readonly refused: readonly string[] } {
  let now = resource;
  const refused: string[] = [];
  for (const decision of decide(resource, mayHold)) {
    const { node, id } = decision;
    const next = decision.type === "grant" ? grant(now, node, id, decision.mode) : refuse(now, node, id);
    if (next === undefined) throw new Error(`a decision that does not apply: ${JSON.stringify(decision)}`);
    if (decision.type === "refuse") refused.push(`${node} ${decision.why}`);
    now = next;
  }
  return { resource: now, refused };
}

function show({ node, mode, wants }: Lock): string {
  return `${mode ?? ""}${mode === undefined ? `${wants}${node}` : node}${mode !== undefined && wants !== undefined ? `>${wants}` : ""}`;
}

export function line({ granted, converting, waiting }: Resource): string {
  return [granted, converting, waiting]
    .map((locks) => locks.map(show).join(" "))
    .join(" | ")
    .trim();
}
