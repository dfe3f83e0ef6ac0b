/** When the core wants to be woken although nothing happened. */
import { silenceUntil } from "./domain/silence.ts";
import type { Millis } from "./ids.ts";
import type { State } from "./state.ts";
import { isMaster } from "./turn.ts";

/** The earliest instant (monotonic) at which a `tick` is due; undefined: nothing is awaited. */
export function nextDeadline(state: State): Millis | undefined {
  const due: Millis[] = [];
  const silence = silenceUntil(state);
  if (silence !== undefined) due.push(silence);
  if (state.diskProblem !== undefined) due.push(state.diskProblem.retryAt);
  for (const operation of state.operations) {
    if (operation.opId === undefined && operation.pauseUntil !== undefined) due.push(operation.pauseUntil);
  }
  if (isMaster(state)) due.push(...masterDeadlines(state));
  const earliest = Math.min(...due.filter((at) => at > state.seenUntil));
  return Number.isFinite(earliest) ? earliest : undefined;
}

/** Only of nodes for which something is still to be done: an old timer must not wake for ever. */
function masterDeadlines(state: State): readonly Millis[] {
  const { victims, shots, suspects } = state.ledger;
  const { holds, retryAt, attemptUntil, graceUntil, answerUntil } = state.watch;
  const due: (Millis | undefined)[] = [];
  for (const victim of victims) {
    if (victim.stage === "fencing" || victim.evidence.length > 0) due.push(attemptUntil.get(victim.node));
    if (victim.stage !== "fencing" && state.quorum?.quorate === true) {
      due.push(answerUntil.get(victim.node));
      const retry = retryAt.get(victim.node);
      if (retry !== undefined) due.push(retry);
      else if (!victim.begun && victim.stage === "waiting") due.push(holds.get(victim.node)?.until);
    }
  }
  for (const shot of shots) due.push(shot.active ? attemptUntil.get(shot.node) : retryAt.get(shot.node));
  const { confirm } = state.desk;
  if (confirm !== undefined && state.ledger.established) due.push(confirm.at);
  for (const suspect of suspects) due.push(graceUntil.get(suspect.node));
  return due.filter((at) => at !== undefined);
}
