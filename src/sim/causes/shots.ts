/**
 * Counterfactuals of a victim that is not shot at now: when what `why` names for it is over, the master
 * must begin, or say something else; and where a quorum is named, not before.
 */
import { nodeById } from "../../core/config.ts";
import { DEPARTURE_MS } from "../../core/fencing/master.ts";
import type { Millis, NodeId } from "../../core/ids.ts";
import type { Victim } from "../../core/ledger.ts";
import type { State } from "../../core/state.ts";
import { isMaster, nodeOfKey } from "../../core/turn.ts";
import type { Cause } from "../../core/view/types.ts";
import { broken } from "../judges/broken.ts";
import { itemOf } from "../judges/words.ts";
import { again, change, goOn, type RingCopy } from "./copy.ts";
import { idOf, type Removal, removalOf } from "./remove.ts";

/** What the words of a cause say must end before the next shot. */
type Wait =
  | { readonly type: "delay"; readonly ms: Millis }
  | { readonly type: "for-ever" }
  | { readonly type: "quorum"; readonly isForEver: boolean }
  | { readonly type: "no-method" }
  | { readonly type: "next-round" }
  | { readonly type: "shooter"; readonly isForEver: boolean }
  /** Nothing that anybody could wait for. */
  | { readonly type: "nothing" };

function waitOf({ step, endsWhen }: Cause): Wait | undefined {
  const [, , seconds] = /^waiting: post_(join|fail)_delay is (-?[\d.]+)/.exec(step) ?? [];
  if (seconds === "-1") return { type: "for-ever" };
  if (seconds !== undefined) {
    const [, more = "0"] = /, and ([\d.]+) s more/.exec(step) ?? [];
    return { type: "delay", ms: 1_000 * (Number(seconds) + Number(more)) };
  }
  const isForEver = endsWhen.includes("it is never fenced by itself");
  if (step.startsWith("waiting for a quorum")) return { type: "quorum", isForEver };
  if (step.startsWith("stuck: no fence method")) return { type: "no-method" };
  if (step.startsWith("stuck after ")) return { type: "next-round" };
  const [, asked] = /is asked what it uses, for (\d+) s at most/.exec(step) ?? [];
  if (asked !== undefined) return { type: "delay", ms: 1_000 * Number(asked) };
  if (step.startsWith("waiting: no member is left")) return { type: "shooter", isForEver };
  if (step.endsWith("its daemon is still in the group")) return { type: "delay", ms: DEPARTURE_MS };
  return step.startsWith("waiting: ") ? { type: "nothing" } : undefined;
}

function masterOf(copy: RingCopy): State | undefined {
  return [...copy.states.values()].find(isMaster);
}

/** The master is told anew when anything may be done to it. */
function forgetHold(state: State, node: NodeId): State {
  const holds = new Map(state.watch.holds);
  holds.delete(node);
  return { ...state, watch: { ...state.watch, holds } };
}

/** Everybody in the ring is a member. */
function withShooters(state: State, node: NodeId): State {
  const all = [...(state.ring?.hellos ?? [])].map(([key, one]) => ({
    node: nodeOfKey(key),
    ...one.incarnation,
  }));
  return { ...state, ledger: { ...state.ledger, members: all.filter((one) => one.node !== node) } };
}

function withMethod(state: State, node: NodeId): State {
  const { config } = state;
  const methods = config.nodes.find((one) => one.methods.length > 0)?.methods ?? [];
  const nodes = config.nodes.map((one) =>
    one.id === node && one.methods.length === 0 ? { ...one, methods } : one,
  );
  return { ...state, config: { ...config, nodes } };
}

function withoutDelays(state: State, node: NodeId): State {
  const { config } = state;
  const fenceDaemon = { ...config.fenceDaemon, postFailDelayMs: 0, postJoinDelayMs: 0 };
  return forgetHold({ ...state, config: { ...config, fenceDaemon } }, node);
}

function edit(copy: RingCopy, { node }: Victim, wait: Wait): void {
  change(copy, (state) => {
    let next = state;
    if (wait.type === "shooter") next = withShooters(next, node);
    if (wait.type === "shooter" || wait.type === "no-method") next = withMethod(next, node);
    const isForEver = wait.type === "for-ever" || ("isForEver" in wait && wait.isForEver);
    return isForEver ? withoutDelays(next, node) : next;
  });
}

/** What was sent about the victim tells that something was decided. */
function isDecided(copy: RingCopy, { node }: Victim): boolean {
  return copy.sent.some(
    (body) =>
      (body.type === "fence-start" || body.type === "victim-state" || body.type === "victim-done") &&
      body.node === node,
  );
}

/** Lets the time pass that the master gives this victim. Answers false when it gives none. */
function passTime(copy: RingCopy, { node }: Victim): boolean {
  const { watch, seenUntil } = masterOf(copy) ?? {};
  if (watch === undefined || seenUntil === undefined) return false;
  const ends = [watch.holds.get(node)?.until, watch.retryAt.get(node), watch.answerUntil.get(node)];
  const next = Math.min(...ends.filter((at) => at !== undefined && at > seenUntil).map(Number));
  if (!Number.isFinite(next)) return false;
  copy.later += next - seenUntil;
  return true;
}

/** Delays that follow one another before a shot: an answer, a hold. */
const DELAYS_MAX = 3;

/** The master began, or says something else. Undefined: no verdict. */
function isDecidedAfter(
  ring: RingCopy,
  victim: Victim,
  wait: Wait,
  others: readonly Removal[],
  node: NodeId,
): boolean | undefined {
  const copy = again(ring);
  copy.disks.clear();
  edit(copy, victim, wait);
  if (wait.type === "delay") copy.later = wait.ms;
  if (wait.type === "next-round") passTime(copy, victim);
  for (const { remove } of others) remove({ copy, node });
  if (!goOn(copy)) return undefined;
  // Its delay may begin only now.
  const mayBegin = wait.type !== "delay" && wait.type !== "nothing";
  for (let count = 0; mayBegin && count < DELAYS_MAX && !isDecided(copy, victim); count++) {
    if (!passTime(copy, victim)) break;
    if (!goOn(copy)) return undefined;
  }
  return isDecided(copy, victim);
}

export function judgeShot(copy: RingCopy, core: State, cause: Cause, why: readonly Cause[]): void {
  const id = idOf(core, cause.node);
  const victim = id === undefined ? undefined : itemOf(core.ledger.victims, id);
  const wait = waitOf(cause);
  if (victim === undefined || wait === undefined || masterOf(copy) === undefined) return;
  if (wait.type === "no-method" || wait.type === "shooter") {
    const hasAny = core.config.nodes.some(({ methods }) => methods.length > 0);
    if (!hasAny || nodeById(core.config, victim.node) === undefined) return;
  }
  if (wait.type === "shooter" && copy.states.size === 1) return;
  const named = why.filter(({ code }) => code === "no-quorum" || code === "not-joined");
  const others = named.map((one) => removalOf(core, one)).filter((one) => one !== undefined);
  if (isDecidedAfter(copy, victim, wait, others, core.nodeId) === false) {
    broken("I8", `node ${core.nodeId}: ${cause.node} waits on after what it waits for: ${cause.step}`);
  }
  const still = again(copy);
  still.disks.clear(); // Another configuration would count all delays anew.
  if (wait.type === "quorum") passTime(still, victim);
  if (goOn(still) && isDecided(still, victim)) {
    broken("I8", `node ${core.nodeId}: ${cause.node} does not wait for ${cause.step}`);
  }
}
