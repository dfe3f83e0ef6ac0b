import type { AgentTraits } from "../../core/config.ts";
import type { AgentMetadata } from "../../ports/agent-metadata.ts";

/**
 * Without metadata the agent counts as a power agent of which nothing is known: nobody then relies
 * on an action that it may not have.
 */
export function traitsOf(agent: string, metadata: AgentMetadata | undefined): AgentTraits {
  if (metadata === undefined) return { agent, installed: true, actions: [], defaultAction: "reboot" };
  const actions = metadata.actions.map((action) => action.name);
  const written = metadata.parameters.find((parameter) => parameter.name === "action")?.default;
  const fallback = actions.length === 0 || actions.includes("reboot") ? "reboot" : "off";
  // Who has to be unfenced by itself was fenced at the disks. Source: FenceAgentAPI, on_target.
  const isOfDisks = metadata.actions.some((action) => action.name === "on" && action.onTarget);
  const cuts = isOfDisks ? { cuts: "storage" as const } : {};
  return { agent, installed: true, actions, defaultAction: written ?? fallback, ...cuts };
}

export function traitsOfMissing(agent: string): AgentTraits {
  return { agent, installed: false, actions: [], defaultAction: "reboot" };
}
