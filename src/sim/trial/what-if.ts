/** "What if …": one trial told from beginning to end, in plain words. */
import { type ClusterConfig, nodeNameOf } from "../../core/config.ts";
import type { Millis, NodeId, NodeName } from "../../core/ids.ts";
import { whyHeld } from "../../core/view/why.ts";
import type { World } from "../world.ts";
import { type Fault, formatFault, isLatent } from "./faults.ts";
import { LATENT_MS } from "./start.ts";
import { type Timing, timingOf } from "./timing.ts";
import { type Outcome, tryFaults } from "./trial.ts";

export interface TimelineLine {
  /** Since the fault; what was wrong before has a negative time. */
  readonly atMs: Millis;
  /** Who says so: nodes, in the order of the file; empty: what happens to machines and people. */
  readonly nodes: readonly NodeName[];
  /** `fault`, `held`, `released`, `machine`, `act`, or the core's own code. */
  readonly code: string;
  readonly text: string;
}

export interface WhatIf {
  readonly faults: readonly string[];
  readonly timing: Timing;
  readonly lines: readonly TimelineLine[];
  readonly outcome: Outcome;
  /** How each node ends, in the order of the file. */
  readonly end: readonly { readonly node: NodeName; readonly writes: boolean; readonly text: string }[];
}

export interface WhatIfOptions {
  readonly timing?: Timing;
  readonly away?: readonly NodeId[];
  /** `everything`: also views, notes and quorums. */
  readonly detail?: "usual" | "everything";
}

/** Equal lines of several nodes this close together are one. */
const SAME_MS: Millis = 50;
/** A fenced machine is back this long after its boot. */
const REJOIN_MS: Millis = 20_000;

/** Lines of the core that say how it works rather than what happens. */
const INNER: ReadonlySet<string> = new Set(["view", "synced", "quorate", "start", "epoch", "quorum"]);
/** Said by the gates themselves. */
const GATE: ReadonlySet<string> = new Set(["freeze", "thaw"]);

interface Line {
  readonly atMs: Millis;
  readonly nodes: NodeName[];
  readonly code: string;
  readonly text: string;
}

function createNotes(): { readonly lines: Line[]; note(line: Line): void } {
  const lines: Line[] = [];
  return {
    lines,
    note(line) {
      const same = lines.find(
        (one) => one.text === line.text && one.code === line.code && line.atMs - one.atMs <= SAME_MS,
      );
      if (same === undefined) lines.push(line);
      else same.nodes.push(...line.nodes.filter((node) => !same.nodes.includes(node)));
    },
  };
}

function endOf(world: World): WhatIf["end"] {
  const { nodes } = world.config();
  return nodes.map(({ id, name }) => {
    const node = world.nodes.get(id);
    const held = node?.core === undefined ? [] : whyHeld(node.core);
    const isUp = node?.power === "on" && !node.hung && node.core !== undefined;
    if (isUp && node.writing) return { node: name, writes: true, text: "writes" };
    const [cause] = held;
    const why = cause === undefined ? "" : `: ${cause.step}`;
    const text = isUp
      ? `up, its storage is held${why}`
      : node?.power === "off"
        ? "off"
        : node?.hung === true
          ? "silent, and still powered"
          : "up, without its daemon";
    return { node: name, writes: false, text };
  });
}

export function whatIf(config: ClusterConfig, faults: readonly Fault[], options: WhatIfOptions = {}): WhatIf {
  const timing = options.timing ?? timingOf(config);
  const { lines, note } = createNotes();
  const everything = options.detail === "everything";
  const names = new Set(config.nodes.map((node) => node.name));
  for (const fault of faults) {
    const atMs = isLatent(fault) ? -LATENT_MS : 0;
    note({ atMs, nodes: [], code: "fault", text: formatFault(config, fault) });
  }
  let end: WhatIf["end"] = [];
  const outcome = tryFaults(config, faults, {
    timing,
    ...(options.away === undefined ? {} : { away: options.away }),
    afterMs: timing.bootMs + REJOIN_MS,
    say(atMs, source, text, code = "machine") {
      if (GATE.has(code) || (!everything && INNER.has(code))) return;
      note({ atMs, nodes: names.has(source) ? [source] : [], code, text });
    },
    onGate(atMs, node, gate) {
      const code = gate === "held" ? "held" : "released";
      note({ atMs, nodes: [nodeNameOf(config, node)], code, text: `storage is ${code}` });
    },
    onEnd(world) {
      end = endOf(world);
    },
  });
  const order = (name: NodeName): number => config.nodes.findIndex((node) => node.name === name);
  return {
    faults: faults.map((fault) => formatFault(config, fault)),
    timing,
    lines: lines
      .map((line) => ({ ...line, nodes: line.nodes.sort((a, b) => order(a) - order(b)) }))
      .sort((a, b) => a.atMs - b.atMs),
    outcome,
    end,
  };
}
