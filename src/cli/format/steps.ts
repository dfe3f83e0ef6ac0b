/** Tables of what was done about a victim, and of the proof. */
import type { WallMillis } from "../../core/ids.ts";
import type { Evidence, FenceStep } from "../../core/ledger.ts";
import type { Paint } from "./paint.ts";
import { labelled, table, wrap } from "./text.ts";
import { formatNear, formatTook } from "./time.ts";
import { stepResult } from "./words.ts";

export interface StepOptions {
  readonly paint: Paint;
  readonly columns: number;
  readonly now: WallMillis;
  readonly nameOf: (id: number) => string;
}

/** One line per agent run; what a failed one said follows under it. */
export function formatSteps(steps: readonly FenceStep[], options: StepOptions): string[] {
  const { paint, nameOf, now } = options;
  const rows = steps.map((step) => [
    formatNear(step.at, now),
    nameOf(step.executor),
    step.method,
    step.device,
    step.action,
    { text: stepResult(step), paint: step.result === "ok" ? paint.good : paint.bad },
    formatTook(step.tookMs),
  ]);
  const head = ["WHEN", "FROM", "METHOD", "DEVICE", "ACTION", "RESULT", "TOOK"];
  const [first = "", ...rest] = table(head, rows, { paint, indent: 2, right: [6] });
  return [first, ...rest.flatMap((line, at) => [line, ...failureText(steps[at], options.columns)])];
}

function failureText(step: FenceStep | undefined, columns: number): string[] {
  if (step === undefined || step.result === "ok" || step.text.trim() === "") return [];
  return wrap(step.text, columns - 6).map((line) => `      ${line}`);
}

export function formatEvidence(evidence: readonly Evidence[], options: StepOptions): string[] {
  return evidence.flatMap((one) =>
    labelled(
      `grade ${one.grade}`,
      `${formatNear(one.at, options.now)} on ${options.nameOf(one.by)}: ${one.source}`,
      { indent: 2, columns: options.columns },
    ),
  );
}
