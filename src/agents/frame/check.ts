/** Is everything there, and is it possible? Source: fencing.py, check_input and _validate_input. */
import type { AgentAction, BuiltinAgent } from "./agent.ts";
import { longOption } from "./metadata.ts";
import type { Given } from "./read-stdin.ts";
import { Values } from "./values.ts";

export type Checked =
  | { readonly ok: true; readonly action: AgentAction; readonly values: Values }
  /** `problems`: in the words of the originals; with `validate-all` all of them, else the first. */
  | { readonly ok: false; readonly problems: readonly string[] };

const ALIASES: Readonly<Record<string, AgentAction>> = { "meta-data": "metadata" };
/** Of agents that cut off from the storage. Source: fencing.py, fabric_fencing. */
const FABRIC_ALIASES: Readonly<Record<string, AgentAction>> = { enable: "on", disable: "off" };
const WITHOUT_PLUG: ReadonlySet<string> = new Set(["list", "list-status", "monitor"]);
const DESCRIPTIONS: ReadonlySet<string> = new Set(["metadata", "manpage"]);
/** Shape: what Python's int() takes. */
const INTEGER = /^\s*[-+]?\d+(_\d+)*\s*$/;

export function check(agent: BuiltinAgent, given: Given): Checked {
  const texts = new Map(given.texts);
  const plug = texts.get("plug");
  if (agent.inputRules.plug === "address") {
    const isAddress = new Values([], texts).isOn("port_as_ip");
    if (isAddress && plug !== undefined) texts.set("ip", plug);
    texts.delete("plug");
  }
  const values = new Values(agent.parameters, texts);
  const word = (values.text("action") ?? "reboot").toLowerCase();
  const alias = ALIASES[word] ?? (agent.onTarget === true ? FABRIC_ALIASES[word] : undefined);
  const action = actionNamed(agent, alias ?? word);
  if (action === undefined)
    return { ok: false, problems: [`Failed: Unrecognised action '${printable(word)}'`] };
  if (DESCRIPTIONS.has(action)) return { ok: true, action, values };
  const problems = problemsOf(agent, values, action);
  if (problems.length === 0) return { ok: true, action, values: values.with({ action }) };
  return action === "validate-all"
    ? { ok: false, problems: [...problems, "validate-all failed"] }
    : { ok: false, problems: problems.slice(0, 1) };
}

/** Agents without outlets answer `list` all the same, with a notice. */
function actionNamed(agent: BuiltinAgent, word: string): AgentAction | undefined {
  if (
    (agent.inputRules.plug === "address" || agent.onTarget === true) &&
    (word === "list" || word === "list-status")
  )
    return word;
  return agent.actions.find((action) => action === word);
}

function problemsOf(agent: BuiltinAgent, values: Values, action: AgentAction): string[] {
  const { inputRules: rules, parameters } = agent;
  const has = (name: string): boolean => values.text(name) !== undefined;
  const knows = (name: string): boolean => parameters.some((parameter) => parameter.name === name);
  const problems: string[] = [];
  if (rules.login === "required" && !has("username")) problems.push("Failed: You have to set login name");
  if (knows("ip") && !has("ip") && rules.address !== "optional")
    problems.push("Failed: You have to enter fence address");
  if (rules.password === "required" && !has("password") && !has("password_script") && !has("identity_file")) {
    problems.push(
      knows("identity_file")
        ? "Failed: You have to enter password, password script or identity file"
        : "Failed: You have to enter password or password script",
    );
  }
  if (rules.plug === "required" && !WITHOUT_PLUG.has(action) && !has("plug")) {
    problems.push("Failed: You have to enter plug number or machine identification");
  }
  for (const { name, options } of parameters) {
    const text = values.text(name);
    if (text === undefined) continue;
    const option = `--${longOption(name)}`;
    if (options !== undefined && !options.some((one) => one.toLowerCase() === text.toLowerCase())) {
      const list = options.map((one) => `'${one}'`).join(", ");
      problems.push(
        `Failed: You have to enter a valid choice for ${option} from the valid values: [${list}]`,
      );
    }
  }
  for (const { name, type } of parameters) {
    const text = values.text(name);
    if (text === undefined || (type !== "integer" && type !== "second") || INTEGER.test(text)) continue;
    if (name === "verbose_level") continue; // Has a warning of its own.
    const what = type === "second" ? "time in seconds" : "integer";
    problems.push(`Failed: The value you have entered for --${longOption(name)} is not a valid ${what}`);
  }
  return problems;
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?").slice(0, 80);
}
