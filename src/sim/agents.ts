/** Runs of fence agents: what they do to power, when, and what they answer. */
import { type DeviceUse, nodeNameOf } from "../core/config.ts";
import type { Effect } from "../core/effects.ts";
import type { Millis } from "../core/ids.ts";
import { answerOf } from "./devices.ts";
import { kindOfAgent } from "./known-agents.ts";
import type { Inside, SimNode } from "./types.ts";
import { outletOf, wiringOf } from "./wiring.ts";

const AGENT_MS = 500;

export function runAgent(
  inside: Inside,
  node: SimNode,
  start: number,
  effect: Effect & { type: "run-agent" },
): void {
  const { queue } = inside;
  const { opId } = effect;
  const config = inside.texts.get(effect.config) ?? inside.config;
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
    reading: () => readingOf(inside, target, use),
    node: about,
    device: use.device,
    action: effect.action,
    budgetMs: effect.budgetMs,
    agentMs: durationOf(inside, effect.action, use),
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
    switchOutlet(inside, target, answer.effect, use);
  };
  if (answer.effect !== undefined && early !== answer.afterMs) queue.at(queue.now() + early, act);
  queue.at(queue.now() + answer.afterMs, () => {
    if (!runs()) return;
    if (early === answer.afterMs) act();
    const exit = answer.exit();
    if (exit.power === "off" && readingOf(inside, target, use) === "on") {
      inside.judges.onFalseReading(target, use.device);
    }
    const { action } = effect;
    const power = exit.power === undefined ? {} : { power: exit.power };
    inside.judges.onTold({ executor: node, target, opId, device: use.device, action, ...power });
    inside.feed(node, start, { type: "agent-exit", opId, tookMs: answer.afterMs, ...exit });
  });
}

/** A device that works answers within the time that it is given, its own delay included. */
function durationOf(inside: Inside, action: string, use: DeviceUse): Millis {
  const { agentMs = AGENT_MS, readMs = agentMs } = inside.options;
  const reads = action === "status" || action === "monitor";
  // Agents wait before they cut a node off, not before they read or switch on.
  const delayMs = reads || action === "on" ? 0 : use.delayMs;
  return Math.min(inside.vary(reads ? readMs : agentMs) + delayMs, 0.9 * use.budgetMs);
}

/** What the device sees of its node: an outlet reads itself, everything else the machine's power. */
function readingOf(inside: Inside, node: SimNode, use: DeviceUse): "on" | "off" {
  const outlet = outletOf(use);
  if (inside.switchedOff.has(outlet)) return "off";
  if (kindOfAgent(use.agent) === "fabric") return "on";
  return wiringOf(inside.config).suppliesOf(node.id).has(outlet) ? "on" : node.power;
}

/** Whoever is on that outlet is switched, whomever it was meant for. */
function switchOutlet(inside: Inside, target: SimNode, state: "on" | "off", use: DeviceUse): void {
  const outlet = outletOf(use);
  const wiring = wiringOf(inside.config);
  if (kindOfAgent(use.agent) === "fabric") return cutFromStorage(inside, target, state, outlet);
  const others = wiring.nodesAt(outlet).filter((id) => id !== target.id);
  for (const id of [target.id, ...others]) {
    const node = inside.nodes.get(id);
    if (node !== undefined) switchNode(inside, node, state, use);
  }
}

/** The machine goes on; what it writes does not arrive any more. */
function cutFromStorage(inside: Inside, node: SimNode, state: "on" | "off", outlet: string): void {
  node.excused = state === "off";
  if (state === "on") {
    inside.switchedOff.delete(outlet);
    return;
  }
  inside.switchedOff.add(outlet);
  inside.say("hw", `${nodeNameOf(inside.config, node.id)} cut off from the storage (${outlet})`);
}

/** A node with two power supplies is off only when both outlets are. */
function switchNode(inside: Inside, node: SimNode, state: "on" | "off", use: DeviceUse): void {
  const outlets = wiringOf(inside.config).suppliesOf(node.id);
  const outlet = outletOf(use);
  if (outlets.has(outlet)) {
    if (state === "off") inside.switchedOff.add(outlet);
    else inside.switchedOff.delete(outlet);
    if (state === "off" && [...outlets].some((one) => !inside.switchedOff.has(one))) return;
  }
  if (node.power !== state) inside.power(node.id, state, outlet);
}
