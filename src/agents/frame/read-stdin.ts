/** Parameters as lines `name=value`. Source: fencing.py, _parse_input_stdin. */
import type { Parameter } from "./agent.ts";
import { longOption } from "./metadata.ts";

/** What somebody wrote, by current name. `failure`: it cannot be understood at all. */
export interface Given {
  readonly texts: ReadonlyMap<string, string>;
  /** For standard error. Never with a value in them: it may be a password. */
  readonly warnings: readonly string[];
  readonly failure?: string;
}

const ON: ReadonlySet<string> = new Set(["1", "yes", "on", "true"]);
const OFF: ReadonlySet<string> = new Set(["0", "no", "off", "false"]);

/** Daemons send this to every agent. */
const SILENTLY_IGNORED: ReadonlySet<string> = new Set(["nodename"]);

/** The oldest daemons called the action so. */
const OLD_ACTION = "option";

/** Shape: the last of several wins, also when another one has its older name. */
export function readStdin(text: string, parameters: readonly Parameter[]): Given {
  const texts = new Map<string, string>();
  const warnings: string[] = [];
  let oldAction: string | undefined;
  for (const raw of text.split("\n")) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    const at = line.indexOf("=");
    const name = at < 0 ? line : line.slice(0, at);
    const value = (at < 0 ? "" : line.slice(at + 1)).replace(/^"(.*)"$/, "$1");
    const parameter = parameterNamed(name, parameters);
    if (parameter === undefined) {
      if (name === OLD_ACTION) oldAction = value;
      else if (!SILENTLY_IGNORED.has(name)) {
        warnings.push(`Parse error: Ignoring unknown option '${printable(name)}'`);
      }
      continue;
    }
    if (parameter.type !== "boolean") texts.set(parameter.name, value);
    else if (ON.has(value.toLowerCase())) texts.set(parameter.name, "1");
    else if (OFF.has(value.toLowerCase())) texts.set(parameter.name, "0");
    else warnings.push(`Parse error: Ignoring option '${parameter.name}' because it does not have value`);
  }
  if (oldAction !== undefined && !texts.has("action")) texts.set("action", oldAction);
  if (!texts.has("verbose_level")) texts.set("verbose_level", texts.get("verbose") ?? "0");
  return { texts, warnings };
}

/** Anything else is no value of a switch, and counts as not written. */
export function isSwitchWord(text: string): boolean {
  return ON.has(text.toLowerCase()) || OFF.has(text.toLowerCase());
}

/** By its current name, with `-` or `_`; by its older one exactly. */
export function parameterNamed(name: string, parameters: readonly Parameter[]): Parameter | undefined {
  const long = longOption(name);
  return parameters.find((one) => longOption(one.name) === long || one.alias === name);
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?").slice(0, 80);
}
