/** Rows of a coverage that say the same of several nodes or devices, put together for people. */
import type { ClusterConfig } from "../../core/config.ts";
import { nodeNameOf } from "../../core/config.ts";
import type { CoverageRow } from "./coverage.ts";
import { devicesOf, type Fault } from "./faults.ts";
import type { Outcome } from "./trial.ts";

/** Stands in a text for the node or the device that the fault is about. */
export const NODE = "NODE";
export const DEVICE = "DEVICE";

export interface RowGroup {
  /** At least one. */
  readonly rows: readonly CoverageRow[];
  /** Why it freezes, and what a person does; with {@link NODE} where the rows differ. */
  readonly why: readonly string[];
  readonly acts: readonly string[];
}

/** Why storage is held, in a few words each. */
export function briefWhy({ why, verdict }: Outcome): readonly string[] {
  if (verdict === "freezes" && why.length === 0) return ["nobody is left who could fence or write"];
  const held = why.filter((cause) => cause.code === "no-quorum");
  if (held.length > 0) return ["too few nodes hear one another for a quorum"];
  return why.map(({ step }) =>
    step.replace(/^stuck(?: after \d+ rounds?)?: /, "").replace(/ \(last asked by .*\)$/, ""),
  );
}

export function briefActs({ acts }: Outcome): readonly string[] {
  return acts.map((act) => act.command ?? act.text);
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function replaceName(text: string, name: string, by: string): string {
  return text.replaceAll(new RegExp(`(?<![\\w.-])${escaped(name)}(?![\\w-])`, "g"), by);
}

/** With the names of its own node and devices left out, two rows may be the same. */
function general(config: ClusterConfig, faults: readonly Fault[], text: string): string {
  const nodes = faults.flatMap((fault) => {
    if (fault.type === "device") return [];
    if (fault.type !== "cut") return [fault.node];
    return fault.groups.filter((group) => group.length === 1).flat();
  });
  const own = [...new Set(nodes)];
  const lines = config.nodes.filter((node) => own.includes(node.id)).flatMap((node) => node.methods);
  const devices = lines.flatMap((method) => method.devices.map((use) => use.device));
  const shared = new Set(
    devicesOf(config).filter(
      (device) =>
        config.nodes.filter((node) =>
          node.methods.some((m) => m.devices.some((use) => use.device === device)),
        ).length > 1,
    ),
  );
  const named = own.reduce((rest, node) => replaceName(rest, nodeNameOf(config, node), NODE), text);
  const alone = [...new Set(devices)].filter((device) => !shared.has(device));
  return alone.reduce((rest, device) => replaceName(rest, device, DEVICE), named);
}

/** A node alone is one thing, halves are another. */
function shapeOf(fault: Fault): string {
  if (fault.type !== "cut") return fault.type;
  return `cut ${fault.groups
    .map((group) => group.length)
    .sort()
    .join("/")}`;
}

export function groupRows(config: ClusterConfig, rows: readonly CoverageRow[]): readonly RowGroup[] {
  const groups = Map.groupBy(rows, (row) => {
    const { verdict, grade = "" } = row.outcome;
    const texts = [...briefWhy(row.outcome), "then", ...briefActs(row.outcome)];
    const kinds = row.faults.map(shapeOf).join("+");
    return [kinds, verdict, grade, ...texts.map((text) => general(config, row.faults, text))].join("\n");
  });
  return [...groups.values()].map((group) => {
    const first = group[0] as CoverageRow;
    const say = (text: string): string => (group.length === 1 ? text : general(config, first.faults, text));
    return {
      rows: group,
      why: briefWhy(first.outcome).map(say),
      acts: briefActs(first.outcome).map(say),
    };
  });
}
