/** Runs of fence agents: what they do to power, when, and what they answer. */
import type { Effect } from "../core/effects.ts";
import type { NodeId } from "../core/ids.ts";
import { answerOf } from "./devices.ts";
import type { Inside, SimNode } from "./types.ts";

const AGENT_MS = 500;

export function runAgent(
  inside: Inside,
  node: SimNode,
  start: number,
  effect: Effect & { type: "run-agent" },
): void {
  const { queue, config } = inside;
  const { opId } = effect;
  const about = config.nodes.find((one) => one.id === effect.node);
  const uses = effect.method === "unfence" ? about?.unfence : about?.methods[effect.method]?.devices;
  const use = uses?.[effect.device];
  const target = inside.nodes.get(effect.node);
  if (about === undefined || use === undefined || target === undefined) {
    queue.at(queue.now(), () =>
      inside.feed(node, start, {
        type: "agent-exit",
        opId,
        result: "failed",
        detail: "no such device",
        tookMs: 0,
      }),
    );
    return;
  }
  inside.judges.onAgent(node, target, effect.action);
  const answer = answerOf({
    executor: node.id,
    target,
    reading: () => readingOf(inside, target, use.device),
    node: about,
    device: use.device,
    action: effect.action,
    budgetMs: effect.budgetMs,
    // A device that works answers within the time that it is given.
    agentMs: Math.min(inside.vary(inside.options.agentMs ?? AGENT_MS), 0.9 * effect.budgetMs),
    fault: inside.faults.get(use.device) ?? { type: "none" },
  });
  const { boots } = node;
  const actAt = answer.effectMs ?? answer.afterMs;
  // Switched off a while before the answer: an executor that dies in between has still shot.
  const early = inside.hostility.spread > 0 && actAt > 2 ? inside.random.int(1, actAt) : actAt;
  const runs = (): boolean => node.power === "on" && node.boots === boots;
  const act = (): void => {
    if (answer.effect === undefined) return;
    if (early === answer.afterMs && !runs()) return; // The agent died with its node.
    switchOutlet(inside, target, answer.effect, use.device);
  };
  if (answer.effect !== undefined && early !== answer.afterMs) queue.at(queue.now() + early, act);
  queue.at(queue.now() + answer.afterMs, () => {
    if (!runs()) return;
    if (early === answer.afterMs) act();
    const exit = answer.exit();
    if (exit.power === "off" && readingOf(inside, target, use.device) === "on") {
      inside.judges.onFalseReading(target, use.device);
    }
    inside.feed(node, start, { type: "agent-exit", opId, tookMs: answer.afterMs, ...exit });
  });
}

/** Both outlets of a node with two power supplies; empty for a node with one. */
function supplies(inside: Inside, id: NodeId): ReadonlySet<string> {
  const about = inside.config.nodes.find((one) => one.id === id);
  const lines = about?.methods.filter((method) => method.name === "power").flatMap((m) => m.devices);
  return new Set(lines?.map((line) => line.device));
}

/** What the device sees of its node: an outlet reads itself, everything else the machine's power. */
function readingOf(inside: Inside, node: SimNode, device: string): "on" | "off" {
  if (inside.switchedOff.has(device)) return "off";
  return supplies(inside, node.id).has(device) ? "on" : node.power;
}

/** A node with two power supplies is off only when both outlets are. */
function switchOutlet(inside: Inside, node: SimNode, state: "on" | "off", device: string): void {
  const outlets = supplies(inside, node.id);
  if (outlets.has(device)) {
    if (state === "off") inside.switchedOff.add(device);
    else inside.switchedOff.delete(device);
    if (state === "off" && [...outlets].some((one) => !inside.switchedOff.has(one))) return;
  }
  if (node.power !== state) inside.power(node.id, state, device);
}
