import type { Revealable } from "../../ports/agent-parameters.ts";
import type { Parameter } from "./agent.ts";
import { type Given, isSwitchWord, parameterNamed } from "./read-stdin.ts";

/** Never taken from the configuration: the daemon decides what is done, and to whom. */
const OURS: ReadonlySet<string> = new Set(["action", "option", "agent", "name", "builtin"]);
/** A password that the script gave takes the place of the written one. */
const SCRIPTS: ReadonlySet<string> = new Set(["password_script"]);

/** Parameters of a device line, as if they had come on standard input. */
export function givenFrom(
  pairs: readonly (readonly [name: string, value: string | Revealable])[],
  parameters: readonly Parameter[],
  action: string,
  password: string | undefined,
  node = "",
): Given {
  const texts = new Map<string, string>();
  for (const [name, value] of pairs) {
    const parameter = OURS.has(name) ? undefined : parameterNamed(name, parameters);
    if (parameter === undefined || SCRIPTS.has(parameter.name)) continue;
    const text = typeof value === "string" ? value : value.reveal();
    if (parameter.type !== "boolean" || isSwitchWord(text)) texts.set(parameter.name, text);
  }
  // Old daemons told every agent; a parameter that is described as another thing is left alone.
  const isAsked = parameters.some(({ name, hidden }) => name === "nodename" && hidden === true);
  if (isAsked && node !== "" && !texts.has("nodename")) texts.set("nodename", node);
  if (password !== undefined) texts.set("password", password);
  texts.set("action", action);
  return { texts, warnings: [] };
}
