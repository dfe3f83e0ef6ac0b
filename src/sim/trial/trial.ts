/**
 * One trial: the configured cluster in virtual time, healthy and at work; then the faults; then what
 * becomes of its storage. The decisions are the daemon's own core's.
 */
import type { ClusterConfig, Grade } from "../../core/config.ts";
import type { Millis, NodeId } from "../../core/ids.ts";
import type { DoneHow, Incident } from "../../core/ledger.ts";
import type { Cause } from "../../core/view/types.ts";
import { whyHeld } from "../../core/view/why.ts";
import type { World } from "../world.ts";
import { endure } from "./endure.ts";
import type { Fault } from "./faults.ts";
import { type Act, formatAct, helpOut } from "./person.ts";
import { viewerOf, writersOf } from "./sight.ts";
import { startTrial, type Watchers } from "./start.ts";
import { type Timing, timingOf } from "./timing.ts";

export interface TrialOptions extends Watchers {
  readonly timing?: Timing;
  /** These left the domain and were switched off before anything happens. Absent: nobody. */
  readonly away?: readonly NodeId[];
  /** How long it goes on when all is decided, so that fenced machines can come back. Absent: not. */
  readonly afterMs?: Millis;
  /** The cluster as it is in the end. */
  readonly onEnd?: (world: World) => void;
}

/** What became of the storage. */
export interface Outcome {
  /** `goes-on`: never held where it is written in the end. `freezes`: until a person acts. */
  readonly verdict: "goes-on" | "ends" | "freezes";
  /** Longest time that it was held on a node that writes in the end. Units: ms. */
  readonly heldMs: Millis;
  /** Weakest of the proofs that it took; absent: none was needed. */
  readonly grade?: Grade;
  readonly hows: readonly DoneHow[];
  /** Nodes that write in the end, before a person did anything. */
  readonly writers: readonly NodeId[];
  /** Why it is held, of the node that sees most; empty unless it freezes. */
  readonly why: readonly Cause[];
  /** What a person then did, in order, until storage was written again. */
  readonly acts: readonly Act[];
  /** False: nothing that `why` names ended it. That is a bug of ours. */
  readonly ended: boolean;
}

const STRENGTH: readonly Grade[] = ["A", "B", "C", "D", "H"];

/** The best proof of each incident; of those the weakest. */
function weakest(incidents: readonly Incident[]): Grade | undefined {
  const best = incidents.flatMap(({ evidence }) => {
    const places = evidence.map((item) => STRENGTH.indexOf(item.grade));
    return places.length === 0 ? [] : [Math.min(...places)];
  });
  return best.length === 0 ? undefined : STRENGTH[Math.max(...best)];
}

/** Keeps how long storage was held on each node. */
function keepHeld(watchers: Watchers): { readonly heldMs: Map<NodeId, Millis>; readonly watchers: Watchers } {
  const heldSince = new Map<NodeId, Millis>();
  const heldMs = new Map<NodeId, Millis>();
  return {
    heldMs,
    watchers: {
      ...watchers,
      onGate(atMs, node, gate) {
        watchers.onGate?.(atMs, node, gate);
        const since = heldSince.get(node);
        if (gate === "held") heldSince.set(node, atMs);
        else if (since !== undefined) heldMs.set(node, Math.max(heldMs.get(node) ?? 0, atMs - since));
      },
    },
  };
}

export function tryFaults(
  config: ClusterConfig,
  faults: readonly Fault[],
  options: TrialOptions = {},
): Outcome {
  const timing = options.timing ?? timingOf(config);
  const { heldMs, watchers } = keepHeld(options);
  const { world, atMs } = startTrial(config, timing, {
    ...watchers,
    ...(options.away === undefined ? {} : { away: options.away }),
  });
  const boots = new Map([...world.nodes.values()].map((node) => [node.id, node.boots]));
  endure(world, faults, timing);
  const writers = writersOf(world);
  // Whoever was restarted was not held: it was gone.
  const stayed = writers.filter((node) => node.boots === boots.get(node.id));
  const held = Math.max(0, ...stayed.map((node) => heldMs.get(node.id) ?? 0));
  const incidents = writers[0]?.core?.ledger.incidents ?? [];
  const grade = weakest(incidents);
  const viewer = viewerOf(world);
  const frozen = writers.length === 0;
  const why = frozen && viewer?.core !== undefined ? whyHeld(viewer.core) : [];
  const say = (act: Act): void => options.say?.(atMs(), "you", formatAct(act), "act");
  const help = frozen ? helpOut(world, faults, timing, say) : { acts: [], ended: true };
  if (options.afterMs !== undefined) world.run(options.afterMs);
  options.onEnd?.(world);
  return {
    verdict: frozen ? "freezes" : held > 0 ? "ends" : "goes-on",
    heldMs: held,
    ...(grade === undefined ? {} : { grade }),
    hows: [...new Set(incidents.map((incident) => incident.how))],
    writers: writers.map((node) => node.id),
    why,
    ...help,
  };
}
