/** What is known about a victim, for the person who is about to swear that it is off. */
import type { StatusView, VictimView } from "../../core/view/types.ts";
import type { FormatOptions } from "./status.ts";
import { formatEvidence, formatSteps } from "./steps.ts";
import { labelled, lines, wrap } from "./text.ts";
import { formatAge, formatNear } from "./time.ts";
import { nameOf, stageWord } from "./words.ts";

/** Newest steps that are shown; the ones that read power are what matters. */
const STEPS_SHOWN = 6;

export function formatKnown(victim: VictimView, status: StatusView, options: FormatOptions): string {
  const { paint, columns } = options;
  const row = (label: string, text: string) => labelled(label, text, { indent: 2, columns });
  const stepOptions = { paint, columns, now: status.at, nameOf: (id: number) => nameOf(status, id) };
  const node = status.nodes.find((one) => one.id === victim.id);
  const lost =
    victim.firstSeenAt === undefined
      ? "not known"
      : `${formatNear(victim.firstSeenAt, status.at)} (${formatAge(status.at - victim.firstSeenAt)} ago)`;
  const steps = victim.steps.slice(-STEPS_SHOWN);
  return lines([
    paint.bold(`What is known about ${victim.name}:`),
    ...row("state", stageWord(victim.stage)),
    ...row("lost at", lost),
    ...row("cause", victim.cause),
    ...row("stands at", victim.reason),
    ...(node?.present === true
      ? row("AGAINST IT", `${victim.name} is talking to this node right now: it is not off`).map(paint.bad)
      : []),
    ...(victim.evidence.length === 0
      ? row("proof", "none that it is off")
      : formatEvidence(victim.evidence, stepOptions)),
    ...(steps.length === 0 ? [] : formatSteps(steps, stepOptions)),
    "",
    ...wrap(
      `Only go on if you switched ${victim.name} off yourself or saw that it is off. If it still runs, ` +
        "it and the others write to the same storage and destroy it.",
      columns,
    ).map(paint.warn),
  ]);
}
