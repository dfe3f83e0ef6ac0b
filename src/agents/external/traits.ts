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
  return { agent, installed: true, actions, defaultAction: written ?? fallback };
}

export function traitsOfMissing(agent: string): AgentTraits {
  return { agent, installed: false, actions: [], defaultAction: "reboot" };
}
