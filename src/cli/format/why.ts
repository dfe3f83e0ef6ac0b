/** `bouncer why`: the cause chain, each link with what ends it and what a person can do. */
import type { WallMillis } from "../../core/ids.ts";
import type { Cause, LockCounts } from "../../core/view/types.ts";
import type { FormatOptions } from "./status.ts";
import { labelled, lines, wrap } from "./text.ts";
import { formatAge, formatNear } from "./time.ts";

export interface Why {
  readonly verdict: string;
  readonly gate: "open" | "frozen";
  readonly since: WallMillis;
  readonly at: WallMillis;
  readonly why: readonly Cause[];
  readonly locks?: LockCounts;
}

export function formatWhy(why: Why, options: FormatOptions): string {
  const { paint, columns } = options;
  const since = `since ${formatNear(why.since, why.at)} (${formatAge(why.at - why.since)})`;
  if (why.gate === "open") {
    const open = wrap(`Nothing holds storage: it is open here ${since}.`, columns).map(paint.good);
    return lines([...open, ...formatWaiting(why, columns)]);
  }
  const head = wrap(why.verdict, columns).map((line) => paint.bold(paint.hold(line)));
  const causes = why.why.flatMap((cause, at) => ["", ...formatCause(cause, at + 1, options)]);
  return lines([...head, `Held here ${since}.`, ...causes, ...formatWaiting(why, columns)]);
}

/** Each lock has its own reason: a holder, the queue, or the same freeze. */
function formatWaiting({ locks }: Why, columns: number): string[] {
  if (locks === undefined || locks.waiting === 0) return [];
  const who = locks.waiting === 1 ? "1 wish for a lock is" : `${locks.waiting} wishes for locks are`;
  return ["", ...wrap(`${who} not granted; why each waits: bouncer locks --waiting`, columns)];
}

/** What is said of a node, and what is said of the cluster. */
const OF_NODE: Record<string, string> = {
  victim: "is lost and not yet proven off",
  suspect: "runs, but its bouncerd is silent",
  expelled: "was expelled",
  "not-joined": "is not in the fence domain",
  "engine-lost": "has no connection to Corosync",
  refused: "was refused",
};
const OF_CLUSTER: Record<string, string> = {
  "no-quorum": "too few nodes see one another",
  messages: "the members are comparing notes",
  "first-start": "no disk here knows what was before",
  epoch: "the members are agreeing on who is in",
};

function titleOf(cause: Cause): string {
  const ofNode = OF_NODE[cause.code];
  if (ofNode !== undefined) return `${cause.node ?? "this node"} ${ofNode}`;
  return OF_CLUSTER[cause.code] ?? cause.code;
}

function formatCause(cause: Cause, number: number, { paint, columns }: FormatOptions): string[] {
  const row = (label: string, text: string) => labelled(label, text, { indent: 3, columns });
  const actions = cause.actions.flatMap(({ command, risk }) => [
    `      ${paint.bold(command)}`,
    ...wrap(`risk: ${risk}`, columns - 8).map((line) => `        ${line}`),
  ]);
  return [
    paint.bold(`${number}. ${titleOf(cause)}`),
    ...row("stands at", cause.step),
    ...row("holds because", cause.reason),
    ...row("ends when", cause.endsWhen),
    ...(actions.length === 0 ? row("you can", "nothing: it ends by itself") : ["   you can", ...actions]),
  ];
}
