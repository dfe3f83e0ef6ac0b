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
import type { Timing } from "./timing.ts";
import { isUp, viewerOf } from "./trial.ts";

export interface Act {
  /** A command that can be pasted; absent: nothing that a command does. */
  readonly command?: string;
  /** In plain words, e.g. `switch tpve03 off by hand, then say so`. */
  readonly text: string;
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

function confirmOff(world: World, viewer: NodeId, target: NodeId): Act {
  const who = nodeNameOf(world.config(), target);
  world.power(target, "off");
  world.run(SILENCE_MS); // Nobody is believed while the others still hear the node.
  world.request(viewer, { type: "ack", node: target, by: "root", statement: "pulled the plug" });
  return { command: `fence_ack_manual ${who}`, text: `make sure that ${who} is off, then say so` };
}

/** Somebody must come back, or be heard again. The cheapest first: a link, a daemon, a machine. */
function bringBack(world: World, faults: readonly Fault[], timing: Timing): Act | undefined {
  const name = (node: NodeId): string => nodeNameOf(world.config(), node);
  const nodes = [...world.nodes.values()];
  if (faults.some((fault) => fault.type === "cut") && nodes.filter(isUp).length > 1) {
    world.split([]);
    return { text: "repair the network between the nodes" };
  }
  const node = nodes.find((one) => one.power === "off" || one.hung) ?? nodes.find((one) => !isUp(one));
  if (node === undefined) return undefined;
  const text = `bring ${name(node.id)} back: restart it`;
  world.repair(node.id);
  world.power(node.id, "off");
  world.power(node.id, "on");
  world.run(timing.bootMs + LOOK_MS);
  return { text };
}

function repairDisks(world: World, faults: readonly Fault[]): Act | undefined {
  const sick = faults.find((fault) => fault.type === "disk");
  if (sick === undefined) return undefined;
  world.disk(sick.node, "ok");
  return { text: `make the state directory of ${nodeNameOf(world.config(), sick.node)} writable again` };
}

function obey(world: World, faults: readonly Fault[], timing: Timing): Act | undefined {
  const viewer = viewerOf(world);
  if (viewer?.core === undefined) return bringBack(world, faults, timing);
  const causes: readonly Cause[] = whyHeld(viewer.core);
  if (causes.some((cause) => cause.code === "no-quorum")) {
    const back = bringBack(world, faults, timing);
    if (back !== undefined) return back;
  }
  for (const cause of causes) {
    const target = nodeByName(world.config(), cause.node ?? "")?.id;
    const commands = cause.actions.map((action) => action.command);
    if (target === undefined || byNode(viewer.core.ledger.victims, target) === undefined) continue;
    if (commands.some((command) => command.startsWith("fence_ack_manual"))) {
      return confirmOff(world, viewer.id, target);
    }
    const fence = commands.find((command) => command.startsWith("bouncer fence"));
    if (fence === undefined) continue;
    world.request(viewer.id, { type: "fence", node: target, by: "root" });
    return { command: fence, text: `fence ${cause.node ?? ""} by hand` };
  }
  return causes.some((cause) => cause.code === "epoch") ? repairDisks(world, faults) : undefined;
}

export function helpOut(world: World, faults: readonly Fault[], timing: Timing): Help {
  const acts: Act[] = [];
  const budget = Math.max(
    0,
    ...world
      .config()
      .nodes.flatMap(({ methods }) => methods.flatMap((method) => method.devices.map((use) => use.budgetMs))),
  );
  while (acts.length < ACTS_MAX && !someoneWrites(world)) {
    const act = obey(world, faults, timing);
    if (act === undefined) break;
    acts.push(act);
    wait(world, timing.detectMs + 3 * budget + 60_000);
  }
  return { acts, ended: someoneWrites(world) };
}
