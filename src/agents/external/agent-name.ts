/** Commands that are called like agents and are none; two of them would call the daemon back. */
const NOT_AGENTS: ReadonlySet<string> = new Set([
  "fence_ack_manual",
  "fence_check",
  "fence_kdump_send",
  "fence_node",
  "fence_tool",
]);

/** Why this must not be run as an agent, for people; undefined when it may be. */
export function agentNameProblem(agent: string): string | undefined {
  const base = agent.slice(agent.lastIndexOf("/") + 1);
  if (NOT_AGENTS.has(base)) return `${base} is a command, not a fence agent`;
  if (agent.startsWith("/")) return undefined;
  if (/^fence_[a-z0-9_.-]+$/i.test(agent)) return undefined;
  return `"${printable(agent)}" is not the name of a fence agent: fence_…, or an absolute path`;
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?").slice(0, 80);
}
