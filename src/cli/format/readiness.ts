/** What the other members see of the fence devices, what is wrong, and how long it would take. */
import type { ReadinessReply } from "../../api/readiness.ts";
import type { DeviceCheck } from "../../core/effects.ts";
import type { FormatOptions } from "./status.ts";
import { type Row, table, wrap } from "./text.ts";
import { formatAge, formatTook } from "./time.ts";

export interface NodeCheck {
  readonly node: string;
  readonly devices: readonly DeviceCheck[];
}

type Seen = ReadinessReply["nodes"][number];
type Cell = Seen["devices"][number]["cells"][number];

/** Rows of one device; more of those that agree are put into one. */
const ROWS_MAX = 6;
const AGE_NOW_MS = 1_500;

function others(seen: ReadinessReply, node: string, device: DeviceCheck): readonly Cell[] {
  const devices = seen.nodes.find((one) => one.node === node)?.devices ?? [];
  const found = devices.find((one) => one.method === device.method && one.deviceName === device.deviceName);
  return (found?.cells ?? []).filter(({ from, standing }) => from !== seen.node && standing !== "unasked");
}

export function otherRows(
  seen: ReadinessReply,
  node: string,
  device: DeviceCheck,
  options: FormatOptions,
): readonly Row[] {
  const cells = others(seen, node, device);
  const row = (from: string, cell: Cell): Row => {
    const age = cell.ageMs === undefined ? "" : cell.ageMs < AGE_NOW_MS ? "now" : formatAge(cell.ageMs);
    const took = cell.tookMs === undefined ? "" : formatTook(cell.tookMs);
    return ["", "", "", "", "", from, powerCell(cell, options), took, age];
  };
  const well = cells.filter(({ standing }) => standing === "ready");
  if (cells.length <= ROWS_MAX || well.length < 2) return cells.map((cell) => row(cell.from, cell));
  const slowest = well.reduce((a, b) => ((a.tookMs ?? 0) >= (b.tookMs ?? 0) ? a : b));
  const oldest = Math.max(...well.map(({ ageMs = 0 }) => ageMs));
  const rest = cells.filter(({ standing }) => standing !== "ready");
  return [
    row(`${well.length} others`, { ...slowest, ageMs: oldest }),
    ...rest.map((cell) => row(cell.from, cell)),
  ];
}

function powerCell({ standing, power }: Cell, { paint }: FormatOptions): Row[number] {
  switch (standing) {
    case "ready":
      return { text: power, paint: paint.good };
    case "failing":
      return { text: "FAILED", paint: paint.bad };
    case "doubtful":
      return { text: "failed once", paint: paint.warn };
    case "stale":
      return { text: "silent", paint: paint.warn };
    case "unknown":
    case "unasked":
      return { text: "?", paint: paint.dim };
  }
}

/** Why, for the failures that others see. */
export function seenFailures(
  asker: string,
  seen: ReadinessReply,
  checks: readonly NodeCheck[],
): readonly string[] {
  return checks.flatMap(({ node, devices }) =>
    devices.flatMap((device) =>
      others(seen, node, device)
        .filter(({ from, standing }) => from !== asker && (standing === "failing" || standing === "doubtful"))
        .map(({ from, detail }) => `${node} ${device.deviceName}, from ${from}: ${detail}`),
    ),
  );
}

/** Of this node and of the others, each text once; failures have their own lines. */
export function alarmsIn(seen: ReadinessReply, checks: readonly NodeCheck[]): readonly string[] {
  const nodes = seen.nodes.filter(({ node }) => checks.some((check) => check.node === node));
  const texts = nodes.flatMap(({ alarms, devices }) => [
    ...alarms.filter((text) => !text.startsWith(`${seen.node} could not fence `)),
    ...devices.flatMap(({ cells }) => cells.flatMap(({ alarm }) => alarm ?? [])),
  ]);
  return [...new Set(texts)];
}

export function anyAlarm(seen: ReadinessReply, checks: readonly NodeCheck[]): boolean {
  return (
    alarmsIn(seen, checks).length > 0 ||
    checks.some(({ node, devices }) =>
      devices.some((device) => others(seen, node, device).some(({ standing }) => standing === "failing")),
    )
  );
}

export function alarmLines(
  seen: ReadinessReply,
  checks: readonly NodeCheck[],
  { paint, columns }: FormatOptions,
): readonly string[] {
  return alarmsIn(seen, checks).flatMap((text) => wrap(`ALARM: ${text}`, columns).map(paint.bad));
}

const NEVER = {
  "no-method": "never by itself: no fence method",
  "no-member": "never by itself: no other member is here",
  "no-device": "never by itself: no member reaches a device",
  "waits-for-a-person": "never by itself: post_fail_delay is -1",
} as const;

export function predictionLines(
  seen: ReadinessReply,
  checks: readonly NodeCheck[],
  { paint }: FormatOptions,
): readonly string[] {
  const nodes = seen.nodes.filter(({ node, devices }) => {
    return devices.length > 0 && checks.some((check) => check.node === node);
  });
  if (nodes.length === 0) return [];
  const rows = nodes.map(({ node, prediction }): Row => {
    if (prediction.type === "unknown") return [node, { text: "not known yet", paint: paint.dim }];
    if (prediction.type === "never") return [node, { text: NEVER[prediction.why], paint: paint.bad }];
    const what = prediction.isMeasured ? "" : "and what its power takes to go off";
    return [node, `about ${formatTook(prediction.ms)}`, prediction.executor, prediction.method, what];
  });
  return table(["NODE", "TO FENCE IT", "BY", "WITH", ""], rows, { paint });
}
