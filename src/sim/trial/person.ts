/**
 * The person who is needed: does what `why` says, one thing after another, until storage is written
 * again. So a report that names a command has seen it work (I8).
 */
import { nodeByName, nodeNameOf } from "../../core/config.ts";
import type { Millis, NodeId } from "../../core/ids.ts";
import { byNode } from "../../core/turn.ts";
import type { Cause } from "../../core/view/types.ts";
import { whyHeld } from "../../core/view/why.ts";
import type { World } from "../world.ts";
import type { Fault } from "./faults.ts";
import { isUp, viewerOf } from "./sight.ts";
import type { Timing } from "./timing.ts";

export interface Act {
  /** A command that can be pasted; absent: nothing that a command does. */
  readonly command?: string;
  /** In plain words, e.g. `switch tpve03 off by hand, then say so`. */
  readonly text: string;
}

export function formatAct({ command, text }: Act): string {
  return command === undefined ? text : `${text}: ${command}`;
}

/** More than any double fault takes. */
const ACTS_MAX = 8;
const LOOK_MS: Millis = 1_000;
/** From pulling a plug until the others have noticed and devices have been read again. */
const SILENCE_MS: Millis = 20_000;

interface Help {
  readonly acts: readonly Act[];
  readonly ended: boolean;
}

function someoneWrites(world: World): boolean {
  return [...world.nodes.values()].some((node) => isUp(node) && node.writing);
}

function wait(world: World, ms: Millis): void {
  for (const until = world.now() + ms; world.now() < until && !someoneWrites(world); ) world.run(LOOK_MS);
}

/** What to do next, before it is done. */
interface Plan {
  readonly act: Act;
  readonly perform: () => void;
}

function confirmOff(world: World, viewer: NodeId, target: NodeId): Plan {
  const who = nodeNameOf(world.config(), target);
  return {
    act: { command: `fence_ack_manual ${who}`, text: `make sure that ${who} is off, then say so` },
    perform() {
      world.power(target, "off");
      world.run(SILENCE_MS); // Nobody is believed while the others still hear the node.
      world.request(viewer, { type: "ack", node: target, by: "root", statement: "pulled the plug" });
    },
  };
}

function restart(world: World, timing: Timing): Plan | undefined {
  const nodes = [...world.nodes.values()];
  const node = nodes.find((one) => one.power === "off" || one.hung) ?? nodes.find((one) => !isUp(one));
  if (node === undefined) return undefined;
  return {
    act: { text: `bring ${nodeNameOf(world.config(), node.id)} back: restart it` },
    perform() {
      world.repair(node.id);
      world.power(node.id, "off");
      world.power(node.id, "on");
      world.run(timing.bootMs + LOOK_MS);
    },
  };
}

function fenceByHand(world: World, viewer: NodeId, target: NodeId): Plan {
  const who = nodeNameOf(world.config(), target);
  return {
    act: { command: `bouncer fence ${who}`, text: `fence ${who} by hand` },
    perform: () => world.request(viewer, { type: "fence", node: target, by: "root" }),
  };
}

/** @param say called with each act before it is done */
export function helpOut(
  world: World,
  faults: readonly Fault[],
  timing: Timing,
  say: (act: Act) => void,
): Help {
  const { nodes } = world.config();
  const lines = nodes.flatMap(({ methods }) => methods.flatMap((method) => method.devices));
  const patienceMs = timing.detectMs + 3 * Math.max(0, ...lines.map((use) => use.budgetMs)) + 60_000;
  const sick = faults.filter((fault) => fault.type === "disk");
  let isCut = faults.some((fault) => fault.type === "cut");

  /** Somebody must be heard again: by a cable, which is the least, or by a restart. */
  function bringBack(): Plan | undefined {
    if (!isCut || [...world.nodes.values()].filter(isUp).length < 2) return restart(world, timing);
    return {
      act: { text: "repair the network between the nodes" },
      perform() {
        isCut = false;
        world.split([]);
      },
    };
  }

  function repairDisk(): Plan | undefined {
    const disk = sick.shift();
    if (disk === undefined) return undefined;
    const who = nodeNameOf(world.config(), disk.node);
    return {
      act: { text: `make the state directory of ${who} writable again` },
      perform: () => world.disk(disk.node, "ok"),
    };
  }

  function next(): Plan | undefined {
    const viewer = viewerOf(world);
    if (viewer?.core === undefined) return bringBack();
    const causes: readonly Cause[] = whyHeld(viewer.core);
    const back = causes.some((cause) => cause.code === "no-quorum") ? bringBack() : undefined;
    if (back !== undefined) return back;
    for (const cause of causes) {
      const target = nodeByName(world.config(), cause.node ?? "")?.id;
      const commands = cause.actions.map((action) => action.command);
      const victim = target === undefined ? undefined : byNode(viewer.core.ledger.victims, target);
      if (target === undefined || victim === undefined) continue;
      const fences = commands.some((command) => command.startsWith("bouncer fence"));
      const acks = commands.some((command) => command.startsWith("fence_ack_manual"));
      // Nobody goes there before a device was asked once.
      if (acks && !(fences && victim.attempts === 0)) return confirmOff(world, viewer.id, target);
      if (fences) return fenceByHand(world, viewer.id, target);
    }
    return causes.some((cause) => cause.code === "epoch") ? repairDisk() : undefined;
  }

  const acts: Act[] = [];
  while (acts.length < ACTS_MAX && !someoneWrites(world)) {
    const plan = next();
    if (plan === undefined) break;
    acts.push(plan.act);
    say(plan.act);
    plan.perform();
    wait(world, patienceMs);
  }
  return { acts, ended: someoneWrites(world) };
}
