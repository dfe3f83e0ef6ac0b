/** The whole domain: one input in, one state and a list of effects out. No clock, no I/O. */
import { unreachable } from "./assert.ts";
import { onConfigRead } from "./configuration/documents.ts";
import { onConfigMade } from "./configuration/master.ts";
import { onConfigWeighed } from "./configuration/stage.ts";
import { onDeliver } from "./domain/deliver.ts";
import { onDiskAnswer, onDiskRefused, persistHeld } from "./domain/epoch.ts";
import { noteGarbage } from "./domain/sync.ts";
import { onLost, onView } from "./domain/view.ts";
import { drive } from "./drive.ts";
import { onOperationExit } from "./fencing/executor.ts";
import { settleGate } from "./gate/gate.ts";
import type { Now } from "./ids.ts";
import type { Input } from "./inputs.ts";
import { onLockRequests } from "./locks/local.ts";
import { onRequestExit } from "./requests/devices.ts";
import { onCancel, onRequest } from "./requests/request.ts";
import type { State, Transition, Turn } from "./state.ts";
import { forgetSent, log, update } from "./turn.ts";

/**
 * Order: inputs one at a time, in the order in which they happened; effects are performed in array
 * order and awaited by nobody. Errors: throws InvariantViolation when going on could corrupt
 * storage; the process must end then.
 */
export function step(state: State, input: Input, now: Now): Transition {
  const turn: Turn = { state: { ...state, seenUntil: now.mono }, effects: [], now };
  apply(turn, input);
  settleGate(turn, state);
  const settled = turn.state;
  drive(turn);
  settleGate(turn, settled);
  return { state: turn.state, effects: turn.effects };
}

function apply(turn: Turn, input: Input): void {
  switch (input.type) {
    case "view":
      return onView(turn, input);
    case "deliver":
      return onDeliver(turn, input.from, input.message);
    case "garbage":
      return noteGarbage(turn, input.from, input.problem);
    case "quorum":
      return onQuorumInput(turn, input);
    case "lost":
      return onLost(turn, input.why);
    case "tick":
      return;
    case "config-read":
      onConfigRead(turn, input);
      return persistHeld(turn);
    case "config-weighed":
      return onConfigWeighed(turn, input);
    case "config-made":
      return onConfigMade(turn, input);
    case "agent-exit":
      if (!onOperationExit(turn, input)) onRequestExit(turn, input);
      return;
    case "persisted":
      return onDiskAnswer(turn, input.n, input.proposer);
    case "persist-failed":
      return onDiskRefused(turn, input.n, input.problem);
    case "guard":
      return onGuard(turn, input.inUse);
    case "locks":
      return onLockRequests(turn, input.requests);
    case "request":
      return onRequest(turn, input.id, input.request);
    case "cancel":
      return onCancel(turn, input.id);
    default:
      return unreachable(input);
  }
}

/** An answer about another ring says nothing. A "no" shuts the gate until an epoch is established. */
function onQuorumInput(turn: Turn, input: Extract<Input, { type: "quorum" }>): void {
  if (turn.state.ring?.id !== input.ringId) return;
  const { type: _type, ...quorum } = input;
  if (turn.state.quorum?.quorate !== input.quorate) {
    log(
      turn,
      input.quorate ? "info" : "warn",
      "quorum",
      input.quorate ? "this node has a quorum" : "this node has no quorum",
    );
  }
  update(turn, {
    quorum,
    votes: input.ownVotes,
    ...(input.quorate ? {} : { localFreeze: "this node had no quorum for a while" }),
  });
  if (!input.quorate) forgetSent(turn, "ask-epoch");
}

function onGuard(turn: Turn, inUse: readonly string[]): void {
  const { outside } = turn.state;
  update(turn, { inUse });
  if (inUse.length > 0 || outside === undefined) return;
  forgetSent(turn, "join"); // It guards nothing any more: it may ask to come in.
}
