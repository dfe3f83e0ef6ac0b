/** What a node's own agents and files say of a device line: names, values, what is missing. */
import { agentTakes, sameParameter } from "./agent-names.ts";
import { isPasswordFileName, isScriptName, type NodeFacts, type ParameterFacts, programOf } from "./facts.ts";
import type { Place, Problems } from "./problem.ts";
import { quoted } from "./values.ts";
import type { Attribute, Element } from "./xml.ts";

/** The agent of a fence device, where it is named. */
export function checkAgent(agent: string, place: Place, facts: NodeFacts, problems: Problems): void {
  const known = facts.agents?.get(agent);
  if (known?.type === "missing") {
    const names = [...(facts.agents ?? [])].flatMap(([name, one]) => (one.type === "missing" ? [] : [name]));
    problems.error(place, `agent ${quoted(agent)} is not on this node`, "an agent that is installed here", {
      nearest: problems.guess(agent, names),
      reason: "this node could not fence with it",
    });
  } else if (known?.type === "silent") {
    problems.hint(
      place,
      `agent ${quoted(agent)} gives no metadata`,
      "an agent that describes itself, for its parameters to be checked",
    );
  } else if (known?.type === "described" && known.actions.length > 0) {
    const can = known.actions.map(({ name }) => name);
    if (CUTS.some((action) => can.includes(action))) return;
    const what = `agent ${quoted(agent)} cannot cut anything off: its actions are ${can.join(", ")}`;
    problems.error(place, what, "an agent with the action off or reboot");
  }
}

const CUTS: readonly string[] = ["off", "reboot", "disable"];

/** Names and values that the agent would ignore or refuse. Values are never shown: one may be a password. */
export function checkParameters(element: Element, agent: string, facts: NodeFacts, problems: Problems): void {
  const known = facts.agents?.get(agent);
  if (known?.type !== "described") return;
  const names = known.parameters.map(({ name }) => name);
  const old = known.parameters.flatMap(({ obsoletes }) => (obsoletes === undefined ? [] : [obsoletes]));
  const candidates = [...names, ...old];
  for (const { name, value, place } of element.attributes) {
    if (name === "name" || name === "agent") continue;
    if (!agentTakes(candidates, name)) {
      const what = `${agent} has no parameter ${quoted(name)}`;
      problems.error(place, what, `one of its parameters (${agent} -o metadata)`, {
        nearest: problems.guess(name, candidates),
        reason: "it would be passed over",
      });
      continue;
    }
    const parameter = known.parameters.find((one) => sameParameter(one.name, name));
    if (parameter !== undefined) checkValue(agent, parameter, { name, value, place }, problems);
  }
}

const SWITCH = /^(?:1|0|yes|no|on|off|true|false|)$/i;
const WHOLE = /^\s*[0-9]{1,12}\s*$/;

/** `name` is written as in the file. `action` has rules of its own, timeouts as well. */
function checkValue(
  agent: string,
  parameter: ParameterFacts,
  { name, value, place }: Attribute,
  problems: Problems,
): void {
  if (name === "action" || name === "option") return;
  const wrong = (expected: string): void =>
    problems.error(place, `${name} has a value that ${agent} does not take`, expected);
  if (parameter.type === "select" && parameter.options.length > 0) {
    const wanted = value.toLowerCase();
    if (!parameter.options.some((option) => option.toLowerCase() === wanted))
      wrong(`one of ${parameter.options.join(", ")}`);
  } else if (parameter.type === "boolean" && !SWITCH.test(value)) wrong("1 or 0");
  else if (parameter.type === "integer" && !WHOLE.test(value)) wrong("a whole number");
}

/** Scripts and files with passwords must be there on every node: this is about the one that looks. */
export function checkFiles(element: Element, facts: NodeFacts, problems: Problems): void {
  if (facts.files === undefined) return;
  for (const { name, value, place } of element.attributes) {
    const isScript = isScriptName(name);
    if (!isScript && !isPasswordFileName(name)) continue;
    const path = isScript ? programOf(value) : value;
    const found = facts.files.get(path);
    if (found === undefined || found === "executable" || (found === "readable" && !isScript)) continue;
    problems.error(place, `${name} ${quoted(path)} ${trouble(found)} on this node`, wanted(isScript), {
      reason: "without the password this node cannot fence",
    });
  }
}

function wanted(isScript: boolean): string {
  return isScript
    ? "a program that prints the password, mode 0700, on every node"
    : "a file with the password, mode 0600, on every node";
}

function trouble(found: "readable" | "missing" | "not-a-file" | "no-permission"): string {
  switch (found) {
    case "readable":
      return "is not executable";
    case "missing":
      return "does not exist";
    case "not-a-file":
      return "is no file";
    case "no-permission":
      return "may not be read";
  }
}
