/**
 * Liveness: everything in the world is repaired, and then every node must come to write again
 * within a bound. Whatever takes a person must be named by `why`; the person does what it says.
 */
import { nodeById } from "../core/config.ts";
import { isClean } from "../core/domain/hello.ts";
import type { Millis } from "../core/ids.ts";
import { sameIncarnation } from "../core/ids.ts";
import { isKept } from "../core/locks/own.ts";
import type { Lock, Resource } from "../core/locks/resource.ts";
import { allResources } from "../core/locks/table.ts";
import { byNode } from "../core/turn.ts";
import { whyHeld } from "../core/view/why.ts";
import { BrokenPromise } from "./judges/broken.ts";
import { takesAlong } from "./judges/words.ts";
import type { SimNode } from "./types.ts";
import type { World } from "./world.ts";

const LOOK_MS: Millis = 5_000;
/** Hellos, booting, tokens, disks: everything but fencing. */
const SETTLE_MS: Millis = 120_000;
/** From pulling a plug until the others have noticed it, device readings included. */
const SILENCE_MS: Millis = 20_000;
/** Who switched a machine on looks again when it is up and was admitted. */
const BOOTED_MS: Millis = 60_000;
/** After a person began to act, until everything must be well. */
const BY_HAND_MS: Millis = 900_000;

/** The longest that fencing may take by itself, with devices that work. Units: ms. */
export function fencingBound(world: World): Millis {
  const { nodes, fenceDaemon } = world.config();
  const budgets = nodes.flatMap((node) => node.methods.flatMap((m) => m.devices.map((use) => use.budgetMs)));
  const steps = 1 + Math.max(0, ...nodes.flatMap((node) => node.methods.map((m) => 3 * m.devices.length)));
  const delays = Math.max(0, fenceDaemon.postJoinDelayMs) + Math.max(0, fenceDaemon.postFailDelayMs);
  const attempt = 2 * Math.max(0, ...budgets) + 30_000;
  return delays + fenceDaemon.daemonRestartGraceMs + 2 * attempt + 30_000 + steps * 10_000;
}

function repair(world: World): void {
  world.split([]);
  world.setQuorumDevice("up");
  for (const node of world.nodes.values()) {
    world.weighs(node.id, "ok");
    world.doom(node.id, Number.POSITIVE_INFINITY);
    world.disk(node.id, "ok");
    world.forceQuorum(node.id, undefined);
    world.resume(node.id);
    world.resumeDaemon(node.id);
  }
  for (const node of world.config().nodes) {
    for (const method of node.methods)
      for (const use of method.devices) world.deviceFault(use.device, { type: "none" });
  }
}

/** Machines on, engines and daemons started: what anybody would do who walks past. Answers whether one boots. */
function switchOn(world: World): boolean {
  let booting = false;
  const nodes = [...world.nodes.values()];
  for (const node of nodes) {
    // Whoever switches a node on while it is being proven off starts the proof all over again.
    const wanted = nodes.some(
      ({ core }) =>
        core?.operations.some((one) => one.node === node.id && !one.reported) === true ||
        (core?.ring?.quorate === true && byNode(core.ledger.victims, node.id)?.stage === "fencing"),
    );
    if (node.power === "off" && !wanted) {
      world.power(node.id, "on");
      booting = true;
    } else if (node.power === "off") continue;
    else if (node.boots > 0 && node.starts > 0) {
      world.startEngine(node.id);
      world.startDaemon(node.id, { join: true });
      const { core } = node;
      if (core !== undefined && core.wants === "none") world.request(node.id, { type: "join" });
    }
  }
  return booting;
}

function isWell(world: World): boolean {
  const nodes = [...world.nodes.values()];
  return nodes.every(
    (node) =>
      node.writing &&
      node.core?.gate.open === true &&
      nodes.every((other) =>
        sameIncarnation(byNode(node.core?.ledger.epoch.members ?? [], other.id), other.incarnation),
      ),
  );
}

function complain(world: World): string {
  return [...world.nodes.values()]
    .map((node) => {
      if (node.core === undefined) return `node ${node.id} is ${node.power} without a daemon`;
      const causes = whyHeld(node.core).map((cause) => `${cause.code} ${cause.node ?? ""}: ${cause.step}`);
      return `node ${node.id} ${node.writing ? "writes" : "is held"}: ${causes.join(" | ") || "no cause"}`;
    })
    .join("; ");
}

/** Can this victim be fenced without a person, now that all devices work? */
function endsByItself(world: World, victim: number): boolean {
  const config = world.config();
  const shooters = [...world.nodes.values()].some(({ core }) =>
    core?.ledger.members.some((member) => member.node !== victim),
  );
  if (!shooters) return false; // Everybody is a victim: nobody is left who may shoot.
  const { postFailDelayMs, postJoinDelayMs, evidence } = config.fenceDaemon;
  const methods = nodeById(config, victim)?.methods ?? [];
  if (methods.length === 0 || postFailDelayMs < 0 || postJoinDelayMs < 0) return false;
  const others = config.nodes.filter(({ id }) => id !== victim);
  const readBack = methods.some(
    (method) =>
      method.devices.every((use) => !["cycle", "diag"].includes(use.action ?? "reboot")) &&
      others.some(({ id }) => !takesAlong(config, id, method)),
  );
  return readBack || evidence === "D";
}

/** Does what `why` of one node tells a person to do. Answers whether there was anything. */
function obey(world: World, node: SimNode): boolean {
  const { core } = node;
  if (core === undefined) return false;
  const byName = new Map(world.config().nodes.map((one) => [one.name, one.id]));
  let acted = false;
  for (const cause of whyHeld(core)) {
    const target = byName.get(cause.node ?? "");
    if (target === undefined) continue;
    const idle = cause.code === "not-joined" && cause.endsWhen.includes("uses nothing");
    const commands = cause.actions.map((action) => action.command);
    if (cause.code === "expelled" || cause.code === "refused" || idle) {
      world.uses(target, false);
      const host = world.nodes.get(target);
      if (host !== undefined) world.lockers.endAll(host);
      acted = true;
    } else if (commands.some((command) => command.startsWith("fence_ack_manual"))) {
      world.power(target, "off");
      world.run(SILENCE_MS); // Nobody is believed while the others still hear the node.
      const listens = [...world.nodes.values()].filter(
        ({ id, core: one }) => id !== target && one !== undefined,
      );
      // Whoever was told so by the very node that is off now says it to another one.
      const teller = listens.find(({ id }) => id === node.id) ?? listens[0];
      const word = { type: "ack", node: target, by: "root", statement: "pulled the plug" } as const;
      if (teller !== undefined) world.request(teller.id, word);
      acted = true;
    } else if (commands.some((command) => command.startsWith("bouncer fence"))) {
      world.request(node.id, { type: "fence", node: target, by: "root" });
      acted = true;
    }
  }
  return acted;
}

function run(world: World, ms: Millis): void {
  world.run(ms);
  world.judges.patrol();
}

/** Throws when the cluster does not come to write again. Answers how often a person had to act. */
function untilWell(world: World): number {
  const start = world.now();
  const bound = start + SETTLE_MS + fencingBound(world);
  let hands = 0;
  for (const deadline = bound + BY_HAND_MS; ; ) {
    const booting = switchOn(world);
    run(world, booting && hands > 0 ? BOOTED_MS : LOOK_MS);
    if (isWell(world)) break;
    if (world.now() < bound) continue;
    const stuck = [...world.nodes.values()].flatMap((node) => node.core?.ledger.victims ?? []);
    if (hands === 0 && stuck.length === 0 && !someoneOutside(world)) {
      throw new BrokenPromise(
        `I7: still held without a victim after ${bound - start} ms: ${complain(world)}`,
      );
    }
    if (hands === 0 && stuck.length > 0 && stuck.every((victim) => endsByItself(world, victim.node))) {
      throw new BrokenPromise(`I7: not fenced after ${bound - start} ms: ${complain(world)}`);
    }
    if (world.now() >= deadline) {
      throw new BrokenPromise(`I8: what "why" says did not end it: ${complain(world)}`);
    }
    const acted = [...world.nodes.values()].filter((node) => !node.writing && obey(world, node));
    hands += acted.length;
    run(world, 4 * LOOK_MS);
  }
  return hands;
}

/** Throws when the cluster does not come to write, and its locks to rest. Answers one line. */
export function healAll(world: World): string {
  repair(world);
  const hands = untilWell(world);
  world.run(LOOK_MS);
  world.judges.history();
  drainLocks(world);
  return hands === 0 ? "all nodes write again" : "all nodes write again, after a person did what why said";
}

/** Longest life of a locker, those included that wait behind others. Units: ms. */
const LOCKS_MS: Millis = 120_000;

/** Every locker comes to its end, and then no lock is left: nothing was forgotten, nobody waits for ever. */
function drainLocks(world: World): void {
  const nodes = [...world.nodes.values()];
  world.lockers.stop();
  for (let end = world.now() + LOCKS_MS; nodes.some((node) => node.lockers.size > 0); run(world, LOOK_MS)) {
    if (world.now() < end) continue;
    if (isWell(world)) break;
    untilWell(world); // A shot that was on its way has hit since.
    end = world.now() + LOCKS_MS;
  }
  run(world, LOOK_MS);
  for (const node of nodes) {
    for (const { name, held, wants } of node.lockers.values()) {
      throw new BrokenPromise(`I7: node ${node.id} waits for lock ${name} for ever (${held} to ${wants})`);
    }
    const table = node.core?.ledger.locks;
    const left = table === undefined ? [] : [...allResources(table)].filter((one) => !isOnlyKept(world, one));
    if (left.length > 0) {
      const names = left.map(({ name }) => name).join(", ");
      throw new BrokenPromise(`I7: node ${node.id} still knows locks of nobody: ${names}`);
    }
  }
}

/** Nothing but locks that their nodes keep for the next user. */
function isOnlyKept(world: World, { granted, converting, waiting }: Resource): boolean {
  const kept = ({ node, id }: Lock): boolean => {
    const locks = world.nodes.get(node)?.core?.locks;
    return locks !== undefined && isKept(locks, id);
  };
  return converting.length + waiting.length === 0 && granted.every(kept);
}

function someoneOutside(world: World): boolean {
  return [...world.nodes.values()].some(
    ({ core }) => core !== undefined && (core.outside !== undefined || !isClean(core)),
  );
}
