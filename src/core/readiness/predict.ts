/** How long it would take from the loss of a node to the proof that it is off. An estimate, from what was seen. */
import { type AgentTraits, type ClusterConfig, type MethodConfig, nodeById } from "../config.ts";
import { headStartMs } from "../fencing/hold.ts";
import { READ_APART_MS } from "../fencing/operation.ts";
import { planMethod } from "../fencing/plan.ts";
import type { Millis, NodeId } from "../ids.ts";
import type { FenceStep, Incident } from "../ledger.ts";
import { watchedKey } from "./types.ts";

/** Conversations with a device that an off takes: read, order, read, read again. */
const OFF_CONVERSATIONS = 2;

export interface Seen {
  readonly standing: "unknown" | "ready" | "doubtful" | "failing";
  readonly tookMs: Millis;
}

export interface Question {
  readonly node: NodeId;
  readonly methods: readonly MethodConfig[];
  readonly traits: readonly AgentTraits[];
  /** Who would shoot, in which order. */
  readonly executors: readonly NodeId[];
  /** What a member sees of a device; absent: nothing. */
  readonly seen: (executor: NodeId, key: string) => Seen | undefined;
  /** Closed ones, the newest last: how long the devices really took. */
  readonly incidents: readonly Incident[];
  /** Units: ms that are waited before the first shot; -1: for ever. */
  readonly holdMs: Millis;
}

export type Prediction =
  | {
      readonly type: "after";
      readonly ms: Millis;
      readonly executor: NodeId;
      readonly method: string;
      /** The time that the power needs to go off is known from an earlier shot. */
      readonly isMeasured: boolean;
    }
  /** It will not happen by itself. */
  | { readonly type: "never"; readonly why: "no-method" | "no-member" | "no-device" | "waits-for-a-person" }
  /** Not looked at yet. */
  | { readonly type: "unknown" };

/** Walks as the fence domain would: method after method, then the next member. */
export function predict(question: Question): Prediction {
  const { methods, executors, holdMs } = question;
  if (methods.length === 0) return { type: "never", why: "no-method" };
  if (executors.length === 0) return { type: "never", why: "no-member" };
  if (holdMs < 0) return { type: "never", why: "waits-for-a-person" };
  let ms = holdMs;
  let isUnknown = false;
  for (const executor of executors) {
    for (const method of methods) {
      const walk = walkOf(question, executor, method);
      if (walk.type === "works") {
        return {
          type: "after",
          ms: Math.round(ms + walk.ms),
          executor,
          method: method.name,
          isMeasured: walk.isMeasured,
        };
      }
      if (walk.type === "unknown") isUnknown = true;
      ms += walk.ms;
    }
  }
  return isUnknown ? { type: "unknown" } : { type: "never", why: "no-device" };
}

interface Walk {
  readonly type: "works" | "fails" | "unknown";
  readonly ms: Millis;
  readonly isMeasured: boolean;
}

/** A method that fails costs what its device took to fail when it was looked at. */
function walkOf({ node, traits, seen, incidents }: Question, executor: NodeId, method: MethodConfig): Walk {
  let ms = 0;
  let isMeasured = true;
  for (const step of planMethod(method, traits).proof) {
    const use = method.devices[step.device];
    if (use === undefined) continue;
    const known = seen(executor, watchedKey({ node, deviceName: use.device, plug: use.plug }));
    if (known === undefined || known.standing === "unknown") return { type: "unknown", ms, isMeasured };
    if (known.standing === "failing") return { type: "fails", ms: ms + known.tookMs, isMeasured };
    if (step.type === "read") ms += READ_APART_MS + 2 * known.tookMs;
    else {
      const measured = lastOff(incidents, use.device);
      if (measured === undefined) isMeasured = false;
      ms += use.delayMs + (measured?.tookMs ?? OFF_CONVERSATIONS * known.tookMs);
    }
  }
  return { type: "works", ms, isMeasured };
}

function lastOff(incidents: readonly Incident[], device: string): FenceStep | undefined {
  const steps = incidents.flatMap((incident) => incident.steps);
  return steps.findLast((step) => step.device === device && step.action === "off" && step.result === "ok");
}

/** Units: ms; -1: for ever. As a victim is held that was lost without anybody joining. */
export function holdOf(config: ClusterConfig, shooter: NodeId | undefined, node: NodeId): Millis {
  const { postFailDelayMs } = config.fenceDaemon;
  if (postFailDelayMs < 0 || shooter === undefined) return postFailDelayMs;
  return postFailDelayMs + headStartMs(config, shooter, node);
}

export function methodsOf(config: ClusterConfig, node: NodeId): readonly MethodConfig[] {
  return (nodeById(config, node)?.methods ?? []).filter(({ devices }) => devices.length > 0);
}
