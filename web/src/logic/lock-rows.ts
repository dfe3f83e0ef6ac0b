/** Locks as rows for the page: who waits comes first. Pure. */
import type { LocksReply } from "../../../src/api/locks.ts";

type Resource = LocksReply["resources"][number];
type Lock = Resource["locks"][number];

export interface LockRow extends Lock {
  /** `lockspace/name`. */
  readonly resource: string;
}

export function rowsOf(reply: LocksReply): readonly LockRow[] {
  const rows = reply.resources.flatMap((one) =>
    one.locks.map((lock): LockRow => ({ ...lock, resource: `${one.lockspace}/${one.name}` })),
  );
  const rank = (row: LockRow): number => (row.wants === undefined ? 1 : 0);
  return rows.sort((a, b) => rank(a) - rank(b) || compare(a.resource, b.resource) || compare(a.node, b.node));
}

export function heldBy(reply: LocksReply, node: string): readonly LockRow[] {
  return rowsOf(reply).filter((row) => row.node === node && row.mode !== undefined && row.mode !== "NL");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
