/** The last hour as lanes: one for the storage, one per node. Pure. */
import type { LogEvent } from "../../../src/api/events.ts";
import type { Incident } from "../../../src/core/ledger.ts";
import type { StatusView } from "../../../src/core/view/types.ts";

export const SPAN_MS = 3_600_000;

export interface Bar {
  readonly from: number;
  /** Absent: not over yet. */
  readonly to?: number;
  readonly kind: "held" | "incident";
  readonly name: string;
  /** Number of the certificate. */
  readonly seq?: number;
}

export interface Mark {
  readonly at: number;
  readonly kind: "step-ok" | "step-failed" | "join" | "leave" | "person" | "epoch";
  readonly text: string;
}

export interface Lane {
  readonly name: string;
  readonly bars: readonly Bar[];
  readonly marks: readonly Mark[];
}

export interface TimelineInput {
  readonly status: StatusView;
  readonly incidents: readonly Incident[];
  readonly lines: readonly LogEvent[];
  readonly now: number;
}

const MARKS: Readonly<Record<string, Mark["kind"]>> = {
  joined: "join",
  left: "leave",
  ack: "person",
  expelled: "leave",
};

export function lanesOf({ status, incidents, lines, now }: TimelineInput): readonly Lane[] {
  const from = now - SPAN_MS;
  const inSpan = <T extends { readonly at: number }>(items: readonly T[]): T[] =>
    items.filter(({ at }) => at >= from);
  const recent = incidents.filter((incident) => incident.doneAt >= from);
  const nodes = status.nodes.map((node): Lane => {
    const past = recent.filter((incident) => incident.node === node.id);
    const victim = status.victims.find((one) => one.id === node.id);
    const bars = past.map(
      (one): Bar => ({
        from: one.firstSeenAt,
        to: one.doneAt,
        kind: "incident",
        name: node.name,
        seq: one.seq,
      }),
    );
    if (victim?.firstSeenAt !== undefined)
      bars.push({ from: victim.firstSeenAt, kind: "incident", name: node.name });
    const steps = [...past.flatMap((one) => one.steps), ...(victim?.steps ?? [])];
    const marks = [
      ...steps.map(
        (step): Mark => ({
          at: step.at,
          kind: step.result === "ok" ? "step-ok" : "step-failed",
          text: `${step.device} ${step.action}`,
        }),
      ),
      ...lines
        .filter((line) => line.node === node.id && MARKS[line.code] !== undefined)
        .map((line): Mark => ({ at: line.at, kind: MARKS[line.code] ?? "join", text: line.text })),
    ];
    return { name: node.name, bars, marks: inSpan(marks) };
  });
  return [storageLane(status, lines, from), ...nodes];
}

function storageLane(status: StatusView, lines: readonly LogEvent[], from: number): Lane {
  const bars: Bar[] = [];
  let held: number | undefined;
  for (const { at, code } of lines) {
    if (code === "freeze") held ??= at;
    if (code === "thaw" && held !== undefined) {
      bars.push({ from: held, to: at, kind: "held", name: "" });
      held = undefined;
    }
  }
  if (status.gate === "frozen") bars.push({ from: held ?? status.gateSince, kind: "held", name: "" });
  const marks = lines
    .filter(({ code, at }) => code === "epoch" && at >= from)
    .map(({ at, text }): Mark => ({ at, kind: "epoch", text }));
  return { name: "", bars: bars.filter((bar) => (bar.to ?? Number.POSITIVE_INFINITY) >= from), marks };
}
