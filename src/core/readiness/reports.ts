/** What a member tells the others, and what it makes of what they tell. */
import { nodeById } from "../config.ts";
import type { Millis, NodeId } from "../ids.ts";
import { isDistrusted, NOT_USED } from "./alarms.ts";
import type { DeviceRecord } from "./record.ts";
import type { ReadinessState, Told } from "./state.ts";
import {
  ENTRIES_PER_REPORT_MAX,
  type Machine,
  NAME_TOLD_MAX,
  type ReadinessReport,
  type ReportEntry,
  TOLD_CHARS_MAX,
  watchedKey,
} from "./types.ts";

/** At least one, which says who this machine is. */
export function reportsOf(state: ReadinessState, now: Millis): readonly ReadinessReport[] {
  const entries = [...state.records].flatMap(([key, record]) => entryOf(state, key, record, now));
  const machine = state.machines.get(state.self);
  const count = Math.max(1, Math.ceil(entries.length / ENTRIES_PER_REPORT_MAX));
  return Array.from({ length: count }, (_, index) => ({
    type: "readiness" as const,
    ...(machine === undefined ? {} : { machine }),
    entries: entries.slice(index * ENTRIES_PER_REPORT_MAX, (index + 1) * ENTRIES_PER_REPORT_MAX),
  }));
}

function entryOf(
  state: ReadinessState,
  key: string,
  { watched, standing, last, lookedAt, quickMs }: DeviceRecord,
  now: Millis,
): readonly ReportEntry[] {
  const { node, deviceName, plug } = watched;
  if (last === undefined || lookedAt === undefined) return [];
  if (Math.max(deviceName.length, plug.length) > NAME_TOLD_MAX) return [];
  const alarm = state.alarms.find((one) => one.key === key && one.code !== "device-failing");
  const isUsable = !isDistrusted(state.alarms, node, key);
  return [
    {
      node,
      deviceName,
      plug,
      standing: isUsable ? standing : "failing",
      power: last.power,
      tookMs: last.power === "unknown" ? last.tookMs : (quickMs ?? last.tookMs),
      ageMs: Math.max(0, now - lookedAt),
      ...(last.kind === undefined ? {} : { kind: last.kind }),
      detail: (isUsable ? last.detail : NOT_USED).slice(0, TOLD_CHARS_MAX),
      ...(alarm === undefined ? {} : { alarm: alarm.text.slice(0, TOLD_CHARS_MAX) }),
    },
  ];
}

/** What is about devices that this node's configuration does not have is passed over. */
export function withReport(
  state: ReadinessState,
  from: NodeId,
  report: ReadinessReport,
  now: Millis,
): ReadinessState {
  if (from === state.self || nodeById(state.config, from) === undefined) return state;
  const known = new Map<string, Told>(state.told.get(from));
  for (const entry of report.entries) {
    if (isConfigured(state, entry)) known.set(watchedKey(entry), { entry, at: now });
  }
  const machines = withMachine(state.machines, from, report.machine);
  const incarnation = state.speaking.get(from);
  const heard =
    incarnation === undefined ? state.heard : new Map(state.heard).set(from, { at: now, incarnation });
  return { ...state, machines, heard, told: new Map(state.told).set(from, known) };
}

function isConfigured(state: ReadinessState, { node, deviceName, plug }: ReportEntry): boolean {
  const methods = nodeById(state.config, node)?.methods ?? [];
  return methods.some(({ devices }) => devices.some((use) => use.device === deviceName && use.plug === plug));
}

function withMachine(
  machines: ReadonlyMap<NodeId, Machine>,
  node: NodeId,
  machine: Machine | undefined,
): ReadonlyMap<NodeId, Machine> {
  return machine === undefined ? machines : new Map(machines).set(node, machine);
}
