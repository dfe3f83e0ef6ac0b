/** From the faults until the cluster is through with them, or only a person can end it. */
import type { Millis } from "../../core/ids.ts";
import type { World } from "../world.ts";
import { type Fault, isLatent, strike } from "./faults.ts";
import { isUp, writersOf } from "./sight.ts";
import { LATENT_MS } from "./start.ts";
import { boundOf, type Timing } from "./timing.ts";

const LOOK_MS: Millis = 1_000;
/** After the last step of the core's own until nothing more is expected. */
const CALM_MS: Millis = 5_000;

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
