/** Readiness as a function: one input in, the next state and what is to be done out. No clock, no I/O. */
import { unreachable } from "../assert.ts";
import { type Incarnation, type Millis, type NodeId, sameIncarnation } from "../ids.ts";
import { alarmsOf, isDistrusted } from "./alarms.ts";
import { type DeviceRecord, identityDepth, newRecord, wantsSecondLook, withLook } from "./record.ts";
import { reportsOf, withReport } from "./reports.ts";
import { firstLookAt, lookBudgetMs, nextLookAt, offsetOf, secondLookMs } from "./schedule.ts";
import type {
  ReadinessEffect,
  ReadinessInput,
  ReadinessState,
  ReadinessTransition,
  Situation,
} from "./state.ts";
import { type Look, watchedKey } from "./types.ts";
import { watchedBy } from "./watched.ts";

/** Looks that are under way at one time. */
export const LOOKS_AT_ONCE_MAX = 16;
/** Units: ms. A change is told after this, with what changes meanwhile. */
const TELL_SOON_MS: Millis = 250;
/** Units: ms. Between two reports, when nobody looks. */
const TELL_IDLE_MS: Millis = 60_000;

export function startReadiness(self: NodeId, situation: Situation, now: Millis): ReadinessState {
  const { config, traits, members, speaking, busy } = situation;
  const empty: ReadinessState = {
    self,
    config,
    traits,
    members,
    speaking,
    busy,
    origin: now,
    records: new Map(),
    machines: new Map(),
    told: new Map(),
    heard: new Map(),
    alarms: [],
    tellAt: now + TELL_SOON_MS,
    nextLook: 1,
  };
  return { ...empty, records: freshRecords(empty, now) };
}

/** Order: `now` never goes back. */
export function stepReadiness(
  before: ReadinessState,
  input: ReadinessInput,
  now: Millis,
): ReadinessTransition {
  const changed = withInput(before, input, now);
  const alarms = alarmsOf(changed);
  const isNews = differs(before, { ...changed, alarms });
  const told = {
    ...changed,
    alarms,
    ...(isNews ? { tellAt: Math.min(changed.tellAt, now + TELL_SOON_MS) } : {}),
  };
  const asked = lookAtDue(told, now);
  const said = tellWhenDue(asked.state, now);
  return { state: said.state, effects: [...events(before, alarms), ...asked.effects, ...said.effects] };
}

/** When the next `tick` is due. */
export function readinessDeadline(state: ReadinessState): Millis {
  const isFull = underWay(state) >= LOOKS_AT_ONCE_MAX;
  const waiting =
    isFull || !looks(state) ? [] : [...state.records.values()].filter((one) => isFree(state, one));
  return Math.min(state.tellAt, ...waiting.map(({ nextAt }) => nextAt));
}

function withInput(state: ReadinessState, input: ReadinessInput, now: Millis): ReadinessState {
  switch (input.type) {
    case "situation":
      return withSituation(state, input.situation, input.isNewView, now);
    case "machine":
      return { ...state, machines: new Map(state.machines).set(state.self, input.machine), tellAt: now };
    case "looked":
      return withLooked(state, input.key, input.number, input.look, now);
    case "report":
      return withReport(state, input.from, input.report, now);
    case "tick":
      return state;
    default:
      return unreachable(input);
  }
}

function withSituation(
  state: ReadinessState,
  { config, traits, members, speaking, busy }: Situation,
  isNewView: boolean,
  now: Millis,
): ReadinessState {
  const next = { ...state, config, traits, members, speaking, busy };
  const told = new Map([...state.told].filter(([member]) => members.includes(member)));
  const joined = members.some((member) => !state.members.includes(member));
  // Another file may have other addresses and passwords under the same names.
  if (config.digest !== state.config.digest || traits !== state.traits) {
    const reset = { ...next, told, origin: now };
    return { ...reset, records: freshRecords(reset, now), tellAt: now + TELL_SOON_MS };
  }
  const isMoved = isNewView || members.join() !== state.members.join() || busy.join() !== state.busy.join();
  if (!isMoved) return { ...next, told };
  const moved = { ...next, told, origin: isNewView ? now : state.origin };
  const records = new Map([...state.records].map(([key, record]) => [key, moveSlot(moved, record, now)]));
  return { ...moved, records, tellAt: joined ? Math.min(state.tellAt, now + TELL_SOON_MS) : state.tellAt };
}

function freshRecords(state: ReadinessState, now: Millis): ReadonlyMap<string, DeviceRecord> {
  const watched = watchedBy(state.self, state.config, state.traits);
  const { intervalMs } = intervalOf(state);
  return new Map(
    [...watched].map(([key, one], index) => {
      const offset = offsetIn(state, index, watched.size);
      return [key, newRecord(one, firstLookAt(now, offset, intervalMs))];
    }),
  );
}

function moveSlot(state: ReadinessState, record: DeviceRecord, now: Millis): DeviceRecord {
  if (record.asking !== undefined || wantsSecondLook(record)) return record;
  return { ...record, nextAt: slotOf(state, record, now) };
}

function slotOf(state: ReadinessState, record: DeviceRecord, now: Millis): Millis {
  const { intervalMs } = intervalOf(state);
  const index = [...state.records.values()].findIndex((one) => one.watched === record.watched);
  const offset = offsetIn(state, Math.max(0, index), state.records.size);
  if (record.lookedAt === undefined) return firstLookAt(now, offset, intervalMs);
  return nextLookAt(record.lookedAt, state.origin, offset, intervalMs);
}

function offsetIn(state: ReadinessState, line: number, lines: number): Millis {
  const executor = Math.max(0, state.members.indexOf(state.self));
  return offsetOf({ executor, executors: state.members.length, line, lines }, intervalOf(state).intervalMs);
}

/** `check_interval="0"`: nobody looks; the figure then only spaces reports. */
function intervalOf({ config }: ReadinessState): { readonly intervalMs: Millis; readonly isOn: boolean } {
  const ms = config.fenceDaemon.checkIntervalMs;
  return ms > 0 ? { intervalMs: ms, isOn: true } : { intervalMs: TELL_IDLE_MS, isOn: false };
}

/** Only who may have to shoot has to know. */
function looks(state: ReadinessState): boolean {
  return intervalOf(state).isOn && state.members.includes(state.self);
}

function isFree(state: ReadinessState, { asking, watched }: DeviceRecord): boolean {
  if (asking !== undefined) return false;
  return !state.busy.includes(watched.node) || isDistrusted(state.alarms, watched.node, watchedKey(watched));
}

function underWay({ records }: ReadinessState): number {
  return [...records.values()].filter(({ asking }) => asking !== undefined).length;
}

function lookAtDue(state: ReadinessState, now: Millis): ReadinessTransition {
  if (!looks(state)) return { state, effects: [] };
  const { intervalMs } = intervalOf(state);
  const room = LOOKS_AT_ONCE_MAX - underWay(state);
  const due = [...state.records].filter(([, record]) => isFree(state, record) && record.nextAt <= now);
  if (due.length === 0 || room <= 0) return { state, effects: [] };
  const records = new Map(state.records);
  let number = state.nextLook;
  const effects = due.slice(0, room).map(([key, record]): ReadinessEffect => {
    records.set(key, { ...record, asking: number });
    const { watched } = record;
    const budgetMs = lookBudgetMs(intervalMs, watched.budgetMs);
    return { type: "look", key, number: number++, watched, identity: identityDepth(record), budgetMs };
  });
  return { state: { ...state, records, nextLook: number }, effects };
}

function withLooked(
  state: ReadinessState,
  key: string,
  number: number,
  look: Look,
  now: Millis,
): ReadinessState {
  const record = state.records.get(key);
  if (record?.asking !== number) return state; // The configuration changed since.
  const speaks = state.speaking.get(record.watched.node);
  const looked = withLook(record, look, now, speaks);
  const { intervalMs } = intervalOf(state);
  const withSlot = { ...looked, nextAt: slotOf(state, { ...looked, watched: record.watched }, now) };
  const soon = wantsSecondLook(looked)
    ? Math.min(withSlot.nextAt, now + secondLookMs(intervalMs))
    : withSlot.nextAt;
  return { ...state, records: new Map(state.records).set(key, { ...withSlot, nextAt: soon }) };
}

function tellWhenDue(state: ReadinessState, now: Millis): ReadinessTransition {
  if (now < state.tellAt) return { state, effects: [] };
  const effects = reportsOf(state, now).map((report): ReadinessEffect => ({ type: "tell", report }));
  return { state: { ...state, tellAt: now + intervalOf(state).intervalMs }, effects };
}

/** Is there something that the others should not have to wait for? */
function differs(before: ReadinessState, after: ReadinessState): boolean {
  if (before.alarms.map(({ id }) => id).join() !== after.alarms.map(({ id }) => id).join()) return true;
  return [...after.records].some(([key, record]) => {
    const old = before.records.get(key);
    return old !== undefined && old.standing !== record.standing;
  });
}

function events(before: ReadinessState, alarms: ReadinessState["alarms"]): readonly ReadinessEffect[] {
  const come = alarms.filter(({ id }) => before.alarms.every((one) => one.id !== id));
  const gone = before.alarms.filter(({ id }) => alarms.every((one) => one.id !== id));
  return [
    ...come.map(({ level, code, node, text }) => ({ type: "say" as const, level, code, node, text })),
    ...gone.map(({ code, node, goneText }) => ({
      type: "say" as const,
      level: "info" as const,
      code: `${code}-over`,
      node,
      text: goneText,
    })),
  ];
}

/** Both maps name the same runs of the same nodes. */
export function sameSpeakers(
  a: ReadonlyMap<NodeId, Incarnation>,
  b: ReadonlyMap<NodeId, Incarnation>,
): boolean {
  return a.size === b.size && [...a].every(([node, one]) => sameIncarnation(one, b.get(node)));
}
