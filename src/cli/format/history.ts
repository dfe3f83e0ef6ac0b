/** `bouncer history`: one line per incident, or one incident with its certificate. */
import type { Incident } from "../../core/ledger.ts";
import type { FormatOptions } from "./status.ts";
import { formatEvidence, formatSteps } from "./steps.ts";
import { labelled, lines, table } from "./text.ts";
import { formatInstant, formatTook } from "./time.ts";
import { HOW, HOW_LONG } from "./words.ts";

export interface HistoryOptions extends FormatOptions {
  readonly nameOf: (id: number) => string;
}

const GRADES = ["A", "B", "C", "D", "H"] as const;

/** The strongest grade of the evidence; absent when there is none. */
export function bestGrade(incident: Incident): string | undefined {
  return GRADES.find((grade) => incident.evidence.some((one) => one.grade === grade));
}

export function formatHistory(
  incidents: readonly Incident[],
  next: number | undefined,
  options: HistoryOptions,
): string {
  if (incidents.length === 0) return "No incidents: no node was ever lost.\n";
  const rows = incidents.map((incident) => [
    String(incident.seq),
    incident.name,
    formatInstant(incident.firstSeenAt),
    formatTook(incident.doneAt - incident.firstSeenAt),
    HOW[incident.how],
    bestGrade(incident) ?? "-",
    incident.executor === undefined ? "-" : options.nameOf(incident.executor),
  ]);
  const head = ["SEQ", "NODE", "LOST AT", "TOOK", "ENDED", "PROOF", "FROM"];
  const more = next === undefined ? [] : ["", "Older ones: bouncer history --limit N (at most 256)"];
  return lines([
    ...table(head, rows, { paint: options.paint, right: [0, 3] }),
    ...more,
    "",
    "One with its certificate: bouncer history SEQ",
  ]);
}

export function formatIncident(incident: Incident, options: HistoryOptions): string {
  const { paint, columns, nameOf } = options;
  const row = (label: string, text: string) => labelled(label, text, { indent: 0, columns });
  const stepOptions = { paint, columns, now: incident.doneAt, nameOf };
  const took = formatTook(incident.doneAt - incident.firstSeenAt);
  const boot = incident.incarnation === undefined ? "not known" : incident.incarnation.boot;
  return lines([
    paint.bold(`incident ${incident.seq}: ${incident.name} (node ${incident.node})`),
    ...row("cause", incident.cause),
    ...row("lost at", formatInstant(incident.firstSeenAt)),
    ...row("done at", `${formatInstant(incident.doneAt)}, after ${took}`),
    ...row("ended because", HOW_LONG[incident.how]),
    ...row("attempts", String(incident.attempts)),
    ...row("from", incident.executor === undefined ? "nobody" : nameOf(incident.executor)),
    ...row("boot id", boot),
    ...row("epoch", `${incident.epoch}, configuration version ${incident.configVersion}`),
    "",
    "evidence",
    ...(incident.evidence.length === 0 ? ["  none"] : formatEvidence(incident.evidence, stepOptions)),
    "",
    "steps",
    ...(incident.steps.length === 0 ? ["  none"] : formatSteps(incident.steps, stepOptions)),
    "",
    ...row("certificate", incident.hash),
    ...row("follows", incident.previousHash === "" ? "nothing: it is the first" : incident.previousHash),
  ]);
}
