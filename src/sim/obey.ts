/**
 * I8, taken at its word: nothing is repaired but what `why` names on a node that is held. Every such
 * node must come to write again, or say something new. Whoever is silent (no power, no daemon, hung)
 * is left as it is unless it is named.
 */
import type { Millis, NodeId } from "../core/ids.ts";
import type { State } from "../core/state.ts";
import type { Cause } from "../core/view/types.ts";
import { whyHeld } from "../core/view/why.ts";
import { fencingBound } from "./heal.ts";
import { broken } from "./judges/broken.ts";
import type { SimNode } from "./types.ts";
import type { World } from "./world.ts";

const LOOK_MS: Millis = 5_000;
/** Beyond the fencing: booting, tokens, disks, hellos, and a person who goes from cause to cause. */
const SETTLE_MS: Millis = 900_000;
/** A person who pulled a plug waits until the others have noticed. */
const SILENCE_MS: Millis = 25_000;

type Change = (world: World, node: SimNode, about: NodeId | undefined) => void;

/** The missing nodes are back: whatever keeps them away. */
const bringBack: Change = (world) => {
  world.split([]);
  world.setQuorumDevice("up");
  for (const { id, power, dead } of world.nodes.values()) {
    world.forceQuorum(id, undefined);
    world.resume(id);
    world.resumeDaemon(id);
    if (power === "off" && !dead && !isBeingProven(world, id)) world.power(id, "on");
    world.startEngine(id);
    if ((world.nodes.get(id)?.starts ?? 0) > 0) world.startDaemon(id, { join: true });
  }
};

function isBeingProven(world: World, id: NodeId): boolean {
  return [...world.nodes.values()].some(({ core }) =>
    core?.operations.some((one) => one.node === id && !one.reported),
  );
}

/** Its devices work, or a person pulls the plug and says so: whichever the cause offers. */
const proveOff: Change = (world, node, about) => {
  if (about === undefined) return;
  const devices = world
    .config()
    .nodes.find((one) => one.id === about)
    ?.methods.flatMap((m) => m.devices);
  for (const use of devices ?? []) world.deviceFault(use.device, { type: "none" });
  const offered = heldBy(node)
    .filter((one) => idOf(world, one) === about)
    .flatMap((one) => one.actions.map(({ command }) => command));
  if (!offered.some((command) => command.startsWith("fence_ack_manual"))) {
    const fence = offered.some((command) => command.startsWith("bouncer fence"));
    if (fence) world.request(node.id, { type: "fence", node: about, by: "root" });
    return;
  }
  world.power(about, "off");
  world.run(SILENCE_MS);
  // Whoever was told so by the very node that is off now says it to another one.
  const listens = [...world.nodes.values()].filter(
    (one) => one.id !== about && one.core !== undefined && !one.hung && !one.paused,
  );
  const teller = listens.find((one) => one.id === node.id) ?? listens[0];
  if (teller === undefined) return;
  world.request(teller.id, { type: "ack", node: about, by: "root", statement: "pulled the plug" });
};

const stopUse: Change = (world, node) => {
  world.lockers.endAll(node);
  world.uses(node.id, false);
};

/** What `endsWhen` of each cause means for the world. Absent: it says that it ends by itself. */
const CHANGES: Readonly<Record<string, Change>> = {
  "engine-lost": (world, node) => world.startEngine(node.id),
  expelled: stopUse,
  refused: stopUse,
  unproven: proveOff,
  victim: proveOff,
  "no-quorum": bringBack,
  "first-start": bringBack,
  suspect(world, _node, about) {
    if (about === undefined) return;
    world.resume(about);
    world.resumeDaemon(about);
    world.startDaemon(about, { join: true });
  },
  /** The disks that it names, and the daemons before them. */
  epoch(world, node) {
    const text = heldBy(node)
      .filter(({ code }) => code === "epoch")
      .map(({ step, endsWhen }) => `${step} ${endsWhen}`)
      .join(" ");
    for (const { id, name } of world.config().nodes) {
      if (!new RegExp(`\\b${name}\\b`).test(text)) continue;
      world.disk(id, "ok");
      world.resume(id);
      world.resumeDaemon(id);
      world.startDaemon(id, { join: true });
    }
  },
  "not-joined"(world, node) {
    stopUse(world, node, undefined);
    if (node.core?.wants === "none") world.request(node.id, { type: "join" });
  },
};

function heldBy(node: SimNode): readonly Cause[] {
  return node.core === undefined ? [] : whyHeld(node.core);
}

function idOf(world: World, cause: Cause): NodeId | undefined {
  return world.config().nodes.find((one) => one.name === cause.node)?.id;
}

/** Runs, and is held: somebody asks it why. */
function asked(world: World): readonly SimNode[] {
  return [...world.nodes.values()].filter(
    (node) => node.power === "on" && !node.hung && !node.paused && node.core?.gate.open === false,
  );
}

function complain(core: State | undefined): string {
  if (core === undefined) return "no daemon";
  return whyHeld(core)
    .map((cause) => `${cause.code} ${cause.node ?? ""}: ${cause.step}; ends when ${cause.endsWhen}`)
    .join(" | ");
}

/** systemd's watchdog ends a daemon that stands still and starts another one, long before a person asks. */
function restartHung(world: World): void {
  for (const { id, paused } of world.nodes.values()) {
    if (!paused) continue;
    world.killDaemon(id);
    world.startDaemon(id, { join: true });
  }
}

/** Throws when somebody stays held although all that was named was done. Answers one line. */
export function obeyWhy(world: World): string {
  const until = world.now() + SETTLE_MS + 2 * fencingBound(world);
  let changes = 0;
  restartHung(world);
  for (let held = asked(world); held.length > 0; held = asked(world)) {
    const [first] = held as [SimNode];
    if (world.now() >= until)
      broken("I8", `what node ${first.id} says did not end it: ${complain(first.core)}`);
    for (const node of held) {
      for (const cause of heldBy(node)) {
        // Without a quorum it names the quorum alone as what ends it: nobody pulls a plug meanwhile.
        if (cause.code === "victim" && heldBy(node).some(({ code }) => code === "no-quorum")) continue;
        const change = CHANGES[cause.code];
        // Somebody may have been switched off for an earlier cause.
        if (change === undefined || node.core === undefined) continue;
        change(world, node, idOf(world, cause));
        changes++;
      }
    }
    world.run(LOOK_MS);
    world.judges.patrol();
  }
  return changes === 0 ? "nobody is held" : "whoever was held writes again, by what why named alone";
}
