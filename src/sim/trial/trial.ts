/**
 * One trial: the configured cluster in virtual time, healthy and at work; then the faults; then what
 * becomes of its storage. The decisions are the daemon's own core's.
 */
import type { ClusterConfig, Grade } from "../../core/config.ts";
import type { Millis, NodeId } from "../../core/ids.ts";
import { sameIncarnation } from "../../core/ids.ts";
import type { DoneHow, Incident } from "../../core/ledger.ts";
import { byNode } from "../../core/turn.ts";
import type { Cause } from "../../core/view/types.ts";
import { whyHeld } from "../../core/view/why.ts";
import { assumedTraits } from "../known-agents.ts";
import type { SimNode } from "../types.ts";
import { createWorld, type World } from "../world.ts";
import { type Fault, isLatent, strike } from "./faults.ts";
import { type Act, helpOut } from "./person.ts";
import { boundOf, type Timing, timingOf } from "./timing.ts";

export interface TrialOptions {
  readonly timing?: Timing;
  /** Every line of the story from the faults on. Units: ms since the first of them. */
  readonly say?: (atMs: Millis, source: string, text: string) => void;
  readonly onGate?: (atMs: Millis, node: NodeId, gate: "open" | "held") => void;
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

const LOOK_MS: Millis = 1_000;
/** Between a latent fault and the others. */
const LATENT_MS: Millis = 5_000;
/** After the last step of the core's own until nothing more is expected. */
const CALM_MS: Millis = 5_000;

/** Runs a daemon and can be asked. */
export function isUp(node: SimNode): boolean {
  return node.power === "on" && !node.hung && node.core !== undefined;
}

function writersOf(world: World): readonly SimNode[] {
  return [...world.nodes.values()].filter((node) => isUp(node) && node.writing);
}

function isWhole(world: World): boolean {
  return [...world.nodes.values()].every(
    (node) =>
      node.core?.gate.open === true &&
      [...world.nodes.values()].every((other) =>
        sameIncarnation(byNode(node.core?.ledger.epoch.members ?? [], other.id), other.incarnation),
      ),
  );
}

/** Everybody who writes has nothing left to do, and nobody of their ring waits to write. */
function isSettled(world: World): boolean {
  const writers = writersOf(world);
  return (
    writers.length > 0 &&
    writers.every(({ core }) => core?.ledger.victims.length === 0 && core.ledger.suspects.length === 0) &&
    [...world.nodes.values()].every(
      ({ core, ...node }) =>
        core === undefined ||
        core.gate.open ||
        core.outside !== undefined ||
        core.quorum?.quorate !== true ||
        node.hung,
    )
  );
}

/** Every device was asked from everywhere, in vain, or nothing could be asked. */
function isHopeless(world: World): boolean {
  const shooters = [...world.nodes.values()].filter(
    (node) => isUp(node) && node.core?.ring?.quorate === true,
  );
  const victims = shooters.flatMap(({ core }) => core?.ledger.victims ?? []);
  const booting = [...world.nodes.values()].some(
    (node) => node.power === "on" && !node.hung && node.engine === false,
  );
  return (
    writersOf(world).length === 0 &&
    !booting &&
    victims.length > 0 &&
    victims.every((victim) => victim.stage === "stuck" && (victim.rounds > 0 || victim.attempts === 0))
  );
}

/** A healthy cluster: every node is up, writes, and uses the storage. */
export function startTrial(config: ClusterConfig, options: TrialOptions = {}): World {
  const timing = options.timing ?? timingOf(config);
  let zero: Millis | undefined;
  const since = (): Millis => world.now() - (zero ?? world.now());
  const world: World = createWorld({
    config,
    traits: assumedTraits(config),
    tokenMs: timing.detectMs,
    agentMs: timing.agentMs,
    readMs: timing.readMs,
    bootMs: timing.bootMs,
    say: (source, text) => {
      if (zero !== undefined) options.say?.(since(), source, text);
    },
    onGate: (node, gate) => {
      if (zero !== undefined) options.onGate?.(since(), node, gate);
    },
  });
  const ids = [...world.nodes.keys()];
  for (const node of ids) world.power(node, "on");
  const { postJoinDelayMs } = config.fenceDaemon;
  const until = timing.bootMs + 2 * timing.detectMs + Math.max(0, postJoinDelayMs) + 60_000;
  while (!isWhole(world) && world.now() < until) world.run(LOOK_MS);
  if (!isWhole(world))
    throw new Error("even without any fault not every node of this cluster comes to write");
  for (const node of ids) world.uses(node, true);
  zero = world.now() + LATENT_MS;
  return world;
}

/** Lets the cluster deal with the faults until it is through, or only a person can end it. */
export function endure(world: World, faults: readonly Fault[], timing: Timing): void {
  const config = world.config();
  strike(world, faults.filter(isLatent));
  world.run(LATENT_MS);
  strike(
    world,
    faults.filter((fault) => !isLatent(fault)),
  );
  const grace = config.fenceDaemon.daemonRestartGraceMs;
  world.run(timing.detectMs + grace + CALM_MS);
  const until = world.now() + boundOf(config, timing);
  while (!isSettled(world) && !isHopeless(world) && world.now() < until) world.run(LOOK_MS);
}

/** The one to ask: up, and with the largest part of the cluster in view. */
export function viewerOf(world: World): SimNode | undefined {
  const sight = ({ core }: SimNode): number => new Set(core?.ring?.members.map((one) => one.nodeId)).size;
  return [...world.nodes.values()].filter(isUp).sort((a, b) => sight(b) - sight(a) || a.id - b.id)[0];
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

export function tryFaults(
  config: ClusterConfig,
  faults: readonly Fault[],
  options: TrialOptions = {},
): Outcome {
  const timing = options.timing ?? timingOf(config);
  const heldSince = new Map<NodeId, Millis>();
  const heldMs = new Map<NodeId, Millis>();
  const world = startTrial(config, {
    ...options,
    timing,
    onGate(atMs, node, gate) {
      options.onGate?.(atMs, node, gate);
      const since = heldSince.get(node);
      if (gate === "held") heldSince.set(node, atMs);
      else if (since !== undefined) heldMs.set(node, Math.max(heldMs.get(node) ?? 0, atMs - since));
    },
  });
  const boots = new Map([...world.nodes.values()].map((node) => [node.id, node.boots]));
  endure(world, faults, timing);
  const writers = writersOf(world);
  // Whoever was restarted was not held: it was gone.
  const held = Math.max(
    0,
    ...writers.filter((node) => node.boots === boots.get(node.id)).map((node) => heldMs.get(node.id) ?? 0),
  );
  const incidents = writers[0]?.core?.ledger.incidents ?? [];
  const grade = weakest(incidents);
  const viewer = viewerOf(world);
  const frozen = writers.length === 0;
  const why = frozen && viewer?.core !== undefined ? whyHeld(viewer.core) : [];
  const help = frozen ? helpOut(world, faults, timing) : { acts: [], ended: true };
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
