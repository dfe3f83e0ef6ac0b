/** How much a proof is worth. Source: docs/protocol.md, "Evidence". */
import type { Grade } from "../config.ts";
import type { Evidence } from "../ledger.ts";

const STRENGTH: Readonly<Record<Grade, number>> = { H: 5, A: 4, B: 3, C: 2, D: 1 };

/** A person's word (H) always counts; every other grade must reach the demand. */
export function suffices(grade: Grade, demand: Grade): boolean {
  return STRENGTH[grade] >= STRENGTH[demand];
}

export function anySuffices(evidence: readonly Evidence[], demand: Grade): boolean {
  return evidence.some((item) => suffices(item.grade, demand));
}

/** Does it say that the machine is off? Whoever speaks refutes that, but not that its keys to the disks are gone. */
export function saysOff({ grade }: Evidence): boolean {
  return grade !== "B" && grade !== "H";
}

/** What is left of a proof once its victim is heard: that its keys to the disks are gone. A word was wrong, too. */
export function afterSpeech(evidence: readonly Evidence[]): readonly Evidence[] {
  return evidence.filter(({ grade }) => grade === "B");
}
