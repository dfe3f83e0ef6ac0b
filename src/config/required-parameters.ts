/** Parameters that an agent cannot do without. Source: fence-agents, fencing.py, _validate_input. */
import { sameParameter } from "./agent-names.ts";
import type { NodeFacts, ParameterFacts } from "./facts.ts";
import { isPasswordSource } from "./parameters.ts";
import type { Place, Problems } from "./problem.ts";
import { quoted } from "./values.ts";
import type { Attribute } from "./xml.ts";

export interface SentLine {
  readonly agent: string;
  readonly device: string;
  readonly place: Place;
  /** Of its fence device: what is missing there is said there, once. */
  readonly devicePlace: Place;
  /** Of the line and of its fence device: together they are sent. */
  readonly attributes: readonly Attribute[];
}

/** These take the name of the node, which is always sent, for the plug. */
const NODENAME_IS_PLUG = /(?:^|\/)fence_(?:scsi|mpath)$/;

export function checkRequired(line: SentLine, facts: NodeFacts, problems: Problems): void {
  const known = facts.agents?.get(line.agent);
  if (known?.type !== "described") return;
  const given = line.attributes.filter(({ value }) => value !== "").map(({ name }) => name);
  const missing = (parameter: ParameterFacts, also: string): void => {
    const what = `device ${quoted(line.device)} has no ${parameter.name}, which ${line.agent} requires`;
    if (sameParameter(parameter.name, "plug"))
      problems.error(line.place, what, `${parameter.name}="…"${also} on this line`);
    else problems.error(line.devicePlace, what, `${parameter.name}="…"${also} on the fence device`);
  };
  for (const parameter of known.parameters) {
    if (!isRequired(parameter, line.agent) || given.some((name) => means(name, parameter))) continue;
    missing(parameter, parameter.obsoletes === undefined ? "" : ` (or ${parameter.obsoletes}="…")`);
  }
  const find = (name: string) => known.parameters.find((one) => sameParameter(one.name, name));
  const has = (name: string): boolean => given.some((one) => sameParameter(one, name));
  const ip = find("ip");
  // Their metadata says "not required", since the plug may stand for the address.
  if (ip?.required === false && find("port_as_ip") !== undefined && !has("ip")) {
    if (!(has("port_as_ip") && has("plug"))) missing(ip, ' (or ipaddr="…")');
  }
  const password = find("password");
  const needsLogin = find("username")?.required === true;
  if (password !== undefined && needsLogin && !given.some(givesPassword)) {
    missing(password, ' (or passwd="…", or passwd_script="…")');
  }
}

/** Not what we send ourselves, nor what has a default of the agent's own. */
function isRequired(parameter: ParameterFacts, agent: string): boolean {
  const { name, required, deprecated } = parameter;
  if (!required || deprecated || parameter.default !== undefined || name === "action") return false;
  return !(name === "plug" && NODENAME_IS_PLUG.test(agent));
}

function means(name: string, { name: own, obsoletes }: ParameterFacts): boolean {
  return sameParameter(name, own) || (obsoletes !== undefined && sameParameter(name, obsoletes));
}

/** A key file stands for the password where the agent logs in with SSH. */
function givesPassword(name: string): boolean {
  return isPasswordSource(name) || sameParameter(name, "password") || sameParameter(name, "identity_file");
}
