/** The matrix of nodes and those who would have to shoot at them, as people and programs see it. */
import { nodeNameOf } from "../config.ts";
import { candidates } from "../fencing/master.ts";
import type { Millis, NodeId, NodeName } from "../ids.ts";
import type { State } from "../state.ts";
import { isDistrusted, NOT_USED } from "./alarms.ts";
import { type IdentityVerdict, verdictOn } from "./identity.ts";
import { holdOf, methodsOf, type Prediction, predict, type Seen } from "./predict.ts";
import type { ReadinessState } from "./state.ts";
import type { DeviceIdentity, Look, Standing } from "./types.ts";
import { keysOfMethod } from "./watched.ts";

/** Reports that are older than so many intervals say nothing any more. */
const STALE_INTERVALS = 3;

export interface ReadinessCell {
  readonly from: NodeName;
  /** `stale`: it told long ago. `unasked`: nobody can ask: the agent does not read the power. */
  readonly standing: Standing | "stale" | "unasked";
  readonly power: "on" | "off" | "unknown";
  /** Units: ms; absent: never looked at. */
  readonly tookMs?: Millis;
  readonly ageMs?: Millis;
  readonly kind?: string;
  readonly detail: string;
  readonly alarm?: string;
}

export interface ReadinessDevice {
  readonly method: number;
  readonly methodName: string;
  readonly deviceName: string;
  readonly plug: string;
  readonly agent: string;
  /** What it told this node of its machine. */
  readonly identity?: DeviceIdentity;
  readonly verdict: IdentityVerdict["type"];
  readonly cells: readonly ReadinessCell[];
}

export type PredictionView =
  | (Omit<Extract<Prediction, { type: "after" }>, "executor"> & { readonly executor: NodeName })
  | Exclude<Prediction, { type: "after" }>;

export interface ReadinessNode {
  readonly node: NodeName;
  /** What it says of itself. */
  readonly machine?: { readonly serial?: string; readonly uuid?: string; readonly product?: string };
  readonly prediction: PredictionView;
  readonly alarms: readonly string[];
  readonly devices: readonly ReadinessDevice[];
}

export interface ReadinessView {
  readonly node: NodeName;
  /** Units: ms; 0: nobody looks. */
  readonly intervalMs: Millis;
  readonly nodes: readonly ReadinessNode[];
}

export function readinessView(readiness: ReadinessState, core: State, now: Millis): ReadinessView {
  const { config, self } = readiness;
  return {
    node: nodeNameOf(config, self),
    intervalMs: config.fenceDaemon.checkIntervalMs,
    nodes: config.nodes.map(({ id, name }) => {
      const machine = readiness.machines.get(id);
      return {
        node: name,
        ...(machine === undefined ? {} : { machine }),
        prediction: predictionOf(readiness, core, id, now),
        alarms: readiness.alarms.filter((alarm) => alarm.node === id).map(({ text }) => text),
        devices: devicesOf(readiness, id, now),
      };
    }),
  };
}

function predictionOf(readiness: ReadinessState, core: State, node: NodeId, now: Millis): PredictionView {
  const { config, traits } = readiness;
  const executors = candidates(core, node, 0);
  const found = predict({
    node,
    methods: methodsOf(config, node),
    traits,
    executors,
    seen: (executor, key) => seenBy(readiness, executor, key, now),
    incidents: core.ledger.incidents,
    holdMs: holdOf(config, executors[0], node),
  });
  return found.type === "after" ? { ...found, executor: nodeNameOf(config, found.executor) } : found;
}

function seenBy(readiness: ReadinessState, executor: NodeId, key: string, now: Millis): Seen | undefined {
  const cell = cellOf(readiness, executor, key, now);
  if (cell?.standing === undefined || cell.standing === "stale" || cell.standing === "unasked")
    return undefined;
  return { standing: cell.standing, tookMs: cell.tookMs ?? 0 };
}

function devicesOf(readiness: ReadinessState, node: NodeId, now: Millis): readonly ReadinessDevice[] {
  const { config, members } = readiness;
  const shooters = members.filter((member) => member !== node);
  const methods = config.nodes.find(({ id }) => id === node)?.methods ?? [];
  return methods.flatMap(({ name: methodName, devices }, method) =>
    keysOfMethod(config, node, method).map((key): ReadinessDevice => {
      const use = devices.find(({ device, plug }) => key === `${node} ${device} ${plug}`);
      const identity = readiness.records.get(key)?.identity;
      return {
        method,
        methodName,
        deviceName: use?.device ?? "?",
        plug: use?.plug ?? "",
        agent: use?.agent ?? "?",
        ...(identity === undefined ? {} : { identity }),
        verdict: verdictOn(node, identity, readiness.machines).type,
        cells: shooters.flatMap((shooter) => cellOf(readiness, shooter, key, now) ?? []),
      };
    }),
  );
}

function cellOf(
  readiness: ReadinessState,
  member: NodeId,
  key: string,
  now: Millis,
): ReadinessCell | undefined {
  const from = nodeNameOf(readiness.config, member);
  if (member === readiness.self) return ownCell(readiness, key, now);
  const told = readiness.told.get(member)?.get(key);
  if (told === undefined)
    return { from, standing: "unknown", power: "unknown", detail: "it has not told yet" };
  const { standing, power, tookMs, kind, detail, alarm } = told.entry;
  const ageMs = told.entry.ageMs + (now - told.at);
  const interval = readiness.config.fenceDaemon.checkIntervalMs;
  const isStale = interval > 0 && ageMs > STALE_INTERVALS * interval;
  return {
    from,
    standing: isStale ? "stale" : standing,
    power: isStale ? "unknown" : power,
    tookMs,
    ageMs,
    ...(kind === undefined ? {} : { kind }),
    detail,
    ...(alarm === undefined ? {} : { alarm }),
  };
}

function ownCell(readiness: ReadinessState, key: string, now: Millis): ReadinessCell {
  const from = nodeNameOf(readiness.config, readiness.self);
  const record = readiness.records.get(key);
  if (record === undefined) {
    return { from, standing: "unasked", power: "unknown", detail: "its agent cannot read the power" };
  }
  const { standing, last, lookedAt, quickMs } = record;
  if (last === undefined || lookedAt === undefined) {
    return { from, standing, power: "unknown", detail: "not looked at yet" };
  }
  const alarm = readiness.alarms.find((one) => one.key === key && one.code !== "device-failing");
  return {
    from,
    ...shown(last),
    ...(last.power === "unknown" || quickMs === undefined ? {} : { tookMs: quickMs }),
    ...(isDistrusted(readiness.alarms, record.watched.node, key)
      ? { standing: "failing", detail: NOT_USED }
      : { standing }),
    ageMs: Math.max(0, now - lookedAt),
    ...(alarm === undefined ? {} : { alarm: alarm.text }),
  };
}

function shown({
  power,
  tookMs,
  kind,
  detail,
}: Look): Pick<ReadinessCell, "power" | "tookMs" | "kind" | "detail"> {
  return { power, tookMs, ...(kind === undefined ? {} : { kind }), detail };
}
