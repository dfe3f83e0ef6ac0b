/** What `bouncer coverage` prints: single faults one by one, double faults summed up. */
import type { ClusterConfig } from "../../core/config.ts";
import type { Millis } from "../../core/ids.ts";
import { type Coverage, type CoverageRow, countRows, newFreezes } from "../../sim/trial/coverage.ts";
import { type Fault, subjectOf } from "../../sim/trial/faults.ts";
import { groupRows, type RowGroup } from "../../sim/trial/group.ts";
import type { Timing } from "../../sim/trial/timing.ts";
import type { Paint } from "./paint.ts";
import { clean, lines, wrap } from "./text.ts";

export interface CoverageTextOptions {
  readonly paint: Paint;
  readonly columns: number;
}

const KINDS: Record<Fault["type"], string> = {
  silent: "a node falls silent; it may still be writing",
  dead: "a node loses its power, and its own controller with it",
  device: "a fence device does not answer",
  cut: "the network between the nodes breaks; one node alone, or halves",
  daemon: "bouncerd dies on a node and does not come back",
  disk: "the state directory of a node hangs",
  fenced: "a person has a node cut off",
};

const SHORT: Record<Fault["type"], string> = {
  silent: "a node falls silent",
  dead: "a node loses power and controller",
  device: "a fence device does not answer",
  cut: "the network breaks",
  daemon: "bouncerd dies on a node",
  disk: "a state directory hangs",
  fenced: "a node is cut off by hand",
};

/** Width of the first column, the indent before it included. */
const LEFT = 24;

export function seconds(ms: Millis): string {
  return `${Math.ceil(ms / 1_000)} s`;
}

export function formatTiming(timing: Timing, columns: number): string[] {
  return wrap(
    `Assumed: a silent node is given up after ${(timing.detectMs / 1_000).toFixed(1)} s (Corosync's token and consensus); a device switches within ${seconds(timing.agentMs)} and reads within ${seconds(timing.readMs)}; one that does not answer takes its whole time limit; a machine boots in ${seconds(timing.bootMs)}.`,
    columns,
  );
}

export function formatCoverage(
  config: ClusterConfig,
  coverage: Coverage,
  options: CoverageTextOptions,
): string {
  const { paint, columns } = options;
  const able = config.nodes.filter((node) => node.methods.length > 0).length;
  const head = `Cluster ${clean(config.name)}, configuration version ${config.version}: ${able} of ${config.nodes.length} nodes can be fenced.`;
  const kinds = [...new Set(coverage.singles.flatMap((row) => row.faults.map((fault) => fault.type)))];
  const single = kinds.flatMap((kind) => {
    const rows = coverage.singles.filter((row) => row.faults[0]?.type === kind);
    return [
      "",
      paint.bold(KINDS[kind]),
      ...groupRows(config, rows).flatMap((g) => groupLines(config, g, options)),
    ];
  });
  return lines([
    head,
    ...formatTiming(coverage.timing, columns),
    ...single,
    "",
    ...wrap(`${sum(coverage.singles, "single fault")}.`, columns),
    ...(coverage.doubles.length === 0 ? [] : ["", ...doubleLines(config, coverage, options)]),
  ]);
}

function sum(rows: readonly CoverageRow[], what: string): string {
  const { all, goOn, end, freeze, heldMsMax } = countRows(rows);
  const longest = end === 0 ? "" : ` (after ${seconds(heldMsMax)} at most)`;
  return `${all} ${what}s: storage goes on in ${goOn}, is held and released by itself in ${end}${longest}, freezes until a person acts in ${freeze}`;
}

function heldText(rows: readonly CoverageRow[]): string {
  const held = rows.map((row) => Math.ceil(row.outcome.heldMs / 1_000));
  const [least, most] = [Math.min(...held), Math.max(...held)];
  return least === most ? `${most} s` : `${least} to ${most} s`;
}

function verdictText({ rows }: RowGroup, paint: Paint): string {
  const { verdict, grade } = (rows[0] as CoverageRow).outcome;
  if (verdict === "freezes") return paint.bad("FREEZES until a person acts");
  if (verdict === "goes-on") return paint.good("goes on");
  const proof = grade === undefined ? "" : `, proof ${grade}`;
  return `ends by itself: held ${heldText(rows)}${proof}`;
}

function groupLines(
  config: ClusterConfig,
  group: RowGroup,
  { paint, columns }: CoverageTextOptions,
): string[] {
  const subjects = group.rows.map((row) => subjectOf(config, row.faults[0] as Fault)).join(", ");
  const left = wrap(subjects, LEFT - 4).map((line) => `  ${line}`);
  const right = [verdictText(group, paint), ...detail(group, columns - LEFT)];
  if (Math.max(...left.map((line) => line.length)) > LEFT - 2)
    return [...left, ...right.map((line) => " ".repeat(LEFT) + line)];
  return Array.from({ length: Math.max(left.length, right.length) }, (_, at) =>
    `${(left[at] ?? "").padEnd(LEFT)}${right[at] ?? ""}`.trimEnd(),
  );
}

/** Why it freezes and what ends it, one below the other. */
function detail({ why, acts, rows }: RowGroup, width: number): string[] {
  const { verdict, ended } = (rows[0] as CoverageRow).outcome;
  if (verdict !== "freezes") return [];
  const entry = (label: string, text: string): string[] =>
    wrap(text, width - 10).map((line, at) => `  ${(at === 0 ? label : "").padEnd(8)}${line}`);
  const ends = ended ? acts : [...acts, "nothing that is known: please report this"];
  return [
    ...why.flatMap((text, at) => entry(at === 0 ? "why" : "", text)),
    ...ends.flatMap((text, at) => entry(at === 0 ? "ends by" : "then", text)),
  ];
}

function doubleLines(config: ClusterConfig, coverage: Coverage, options: CoverageTextOptions): string[] {
  const { paint, columns } = options;
  const fresh = newFreezes(coverage);
  const known = countRows(coverage.doubles).freeze - fresh.length;
  const more = [
    ...(known === 0 ? [] : [`${known} of these contain a single fault that freezes it already`]),
    ...(fresh.length === 0 ? [] : [`${fresh.length} freeze it only together:`]),
  ].join("; ");
  const kinds = Map.groupBy(fresh, (row) => row.faults.map((fault) => fault.type).join("+"));
  return [
    ...wrap(`${sum(coverage.doubles, "double fault")}.`, columns),
    ...(more === "" ? [] : wrap(fresh.length === 0 ? `${more}.` : more, columns)),
    ...[...kinds.values()].flatMap((rows) => ["", ...pairLines(config, rows, paint, columns)]),
  ];
}

/** One example for each way out. */
function pairLines(
  config: ClusterConfig,
  rows: readonly CoverageRow[],
  paint: Paint,
  columns: number,
): string[] {
  const [a, b] = (rows[0] as CoverageRow).faults.map((fault) => SHORT[fault.type]);
  const title = a === b ? `twice at once: ${a}` : `${a} + ${b}`;
  const groups = groupRows(config, rows);
  return [
    ...wrap(`${title} (${rows.length})`, columns).map(paint.bold),
    ...groups.slice(0, EXAMPLES_MAX).flatMap((group) => {
      const example = { ...group, rows: group.rows.slice(0, 1) };
      const first = group.rows[0] as CoverageRow;
      const one = groupRows(config, [first])[0] ?? example;
      const times = group.rows.length === 1 ? "" : ` (and ${group.rows.length - 1} alike)`;
      return [
        ...wrap(`${first.text}${times}`, columns - 2).map((line) => `  ${line}`),
        ...detail(one, columns - 2).map((line) => `  ${line}`),
      ];
    }),
    ...(groups.length > EXAMPLES_MAX
      ? [`  and ${groups.slice(EXAMPLES_MAX).flatMap((g) => g.rows).length} more: --json shows all`]
      : []),
  ];
}

/** Ways out that are shown of one pair of kinds. */
const EXAMPLES_MAX = 2;
