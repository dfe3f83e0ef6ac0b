/** Names of agents, and names of parameters that agents know although their metadata may not list them. */

import { isPasswordSource } from "./parameters.ts";

/** Old name, current name. An agent that has one of a pair takes the other. Source: fence-agents. */
const ALIASES: readonly (readonly [old: string, current: string])[] = [
  ["ipaddr", "ip"],
  ["hostname", "ip"],
  ["login", "username"],
  ["passwd", "password"],
  ["passwd_script", "password_script"],
  ["port", "plug"],
  ["blade", "plug"],
  ["fm", "plug"],
  ["secure", "ssh"],
  ["sudo", "use_sudo"],
  ["cmd_prompt", "command_prompt"],
  ["debug", "debug_file"],
  ["ribcl", "ribcl_version"],
  ["modulename", "module_name"],
  ["snmp_priv_passwd", "snmp_priv_password"],
];

/** Commands that are called like agents and are none; two of them would call the daemon back. */
const NOT_AGENTS: ReadonlySet<string> = new Set([
  "fence_ack_manual",
  "fence_check",
  "fence_kdump_send",
  "fence_node",
  "fence_tool",
]);

/** `fence_…`, looked up in the usual folders, or an absolute path. Never a relative one: whose folder? */
export function isAgentName(agent: string): boolean {
  const base = agent.slice(agent.lastIndexOf("/") + 1);
  if (NOT_AGENTS.has(base)) return false;
  return /^(?:\/[^\s]*[^\s/]|fence_[A-Za-z0-9_.-]+)$/.test(agent);
}

/** Read by us, or ignored by every agent without a word. */
const ALWAYS: ReadonlySet<string> = new Set([
  "action",
  "option",
  "method",
  "nodename",
  "delay",
  "power_wait",
  "builtin",
]);

/** True when an agent with these parameters understands `name`. `-` and `_` are equal to agents. */
export function agentTakes(parameters: readonly string[], name: string): boolean {
  const plain = plainName(name);
  if (ALWAYS.has(plain)) return true;
  const own = new Set(parameters.map(plainName));
  if (own.has(plain)) return true;
  if (isPasswordSource(plain)) return own.has("passwd") || own.has("password");
  return ALIASES.some(
    ([old, current]) => (plain === old && own.has(current)) || (plain === current && own.has(old)),
  );
}

/** True when both names mean the same parameter: the old and the current one, with `-` or `_`. */
export function sameParameter(a: string, b: string): boolean {
  return currentName(a) === currentName(b);
}

/** Shape: of an alias the current name, in the spelling with `_`. */
function currentName(name: string): string {
  const plain = plainName(name);
  return ALIASES.find(([old]) => old === plain)?.[1] ?? plain;
}

export function plainName(name: string): string {
  return name.toLowerCase().replaceAll("-", "_");
}
