import type { AgentMetadata, AgentParameter } from "../../ports/agent-metadata.ts";
import type { AgentParameters, Revealable } from "../../ports/agent-parameters.ts";
import { INPUT_BYTES_MAX } from "./limits.ts";

/** Never taken from the configuration: the daemon decides what is done, and to whom. */
const OURS: ReadonlySet<string> = new Set(["action", "option", "agent", "name", "builtin"]);

const PASSWORDS: ReadonlySet<string> = new Set(["passwd", "password"]);
const PASSWORD_SCRIPTS: ReadonlySet<string> = new Set(["passwd_script", "password_script"]);

/** To these `nodename` means something else than "the node that is to be fenced". */
const NODENAME_MEANS_ELSE: ReadonlySet<string> = new Set(["fence_pve"]);

export interface InputQuestion {
  readonly parameters: AgentParameters;
  readonly node: string;
  readonly action: string;
  /** What passwd_script printed; absent: there is none. */
  readonly password?: string;
  /** What is known of the agent already; never waited for. */
  readonly metadata: AgentMetadata | undefined;
}

export type AgentInput =
  | {
      readonly ok: true;
      readonly bytes: Uint8Array;
      readonly secrets: readonly string[];
      readonly logins: readonly string[];
    }
  | { readonly ok: false; readonly problem: string };

/**
 * What an agent reads on its standard input: one `name=value` per line.
 *
 * Order: the pairs as they come, then `nodename`, then `passwd`, then `action`. Agents let the last
 * one win, and one without `action` would do its default, which is a reboot.
 */
export function agentInput(question: InputQuestion): AgentInput {
  const { parameters, metadata, action, node } = question;
  const pairs: [string, string][] = [];
  const secrets: string[] = [];
  for (const [name, value] of parameters.pairs) {
    const key = canonical(name);
    if (OURS.has(key) || !isSent(key, question)) continue;
    const text = textOf(value);
    if (typeof value !== "string" || isSecretName(key)) secrets.push(text);
    if (isOffByAbsence(key, text, metadata)) continue;
    pairs.push([name, text]);
  }
  const has = (key: string): boolean => pairs.some(([name]) => canonical(name) === key);
  if (!has("nodename") && !NODENAME_MEANS_ELSE.has(baseName(parameters.agent)))
    pairs.push(["nodename", node]);
  if (isPlainSwitch(action) && !has("power_wait") && waits(metadata)) pairs.push(["power_wait", "0"]);
  if (question.password !== undefined) {
    pairs.push(["passwd", question.password]);
    secrets.push(question.password);
  }
  pairs.push(["action", action]);

  for (const [name, text] of pairs) {
    if (!/^[\w.:-]{1,128}$/.test(name)) return { ok: false, problem: "a parameter has an impossible name" };
    if (/[\r\n\0]/.test(text)) {
      return { ok: false, problem: `the value of ${name} contains a line break, which agents cannot read` };
    }
  }
  const bytes = new TextEncoder().encode(pairs.map(([name, text]) => `${name}=${quoted(text)}\n`).join(""));
  if (bytes.length > INPUT_BYTES_MAX) {
    return { ok: false, problem: `the parameters are longer than ${INPUT_BYTES_MAX} bytes` };
  }
  const logins = pairs.filter(([name]) => /^(login|username)$/.test(name)).map(([, text]) => text);
  return { ok: true, bytes, secrets, logins };
}

/** A password that the script gives takes the place of the written one; the script stays with us. */
function isSent(key: string, question: InputQuestion): boolean {
  if (question.password === undefined) return true;
  return !PASSWORDS.has(key) && !PASSWORD_SCRIPTS.has(key);
}

/**
 * Agents take most switches for on as soon as they are named, also with `=0`: a switch that is off
 * is left out, unless its default is on.
 */
function isOffByAbsence(key: string, text: string, metadata: AgentMetadata | undefined): boolean {
  if (!/^(0|no|off|false)$/i.test(text)) return false;
  const parameter = parameterOf(metadata, key);
  return parameter?.type === "boolean" && !/^(1|yes|on|true)$/i.test(parameter.default ?? "");
}

/** `off` and `on` are read back by us, so that the agent's own pause is time lost in a freeze. */
function isPlainSwitch(action: string): boolean {
  return /^(off|on)$/i.test(action);
}

function waits(metadata: AgentMetadata | undefined): boolean {
  return Number(parameterOf(metadata, "power_wait")?.default ?? 0) > 0;
}

function parameterOf(metadata: AgentMetadata | undefined, key: string): AgentParameter | undefined {
  return metadata?.parameters.find((parameter) => canonical(parameter.name) === key);
}

/** Agents strip white space around a line, and take one pair of quotes off a value. */
function quoted(text: string): string {
  const needsQuotes = text !== text.trim() || /^".*"$/.test(text);
  return needsQuotes ? `"${text}"` : text;
}

function textOf(value: string | Revealable): string {
  return typeof value === "string" ? value : value.reveal();
}

/** Is a parameter of that name one whose value nobody should see, whoever wrote it down? */
export function isSecretName(name: string): boolean {
  return /passw(or)?d$|passphrase|secret|token|community|hexadecimal_kg|api_?key|cookie/i.test(name);
}

/** Agents take `-` and `_` for the same. */
export function canonical(name: string): string {
  return name.trim().toLowerCase().replaceAll("-", "_");
}

function baseName(agent: string): string {
  return agent.slice(agent.lastIndexOf("/") + 1);
}
