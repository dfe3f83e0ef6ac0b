import type { AgentMetadata } from "../../ports/agent-metadata.ts";
import { canonical } from "./agent-input.ts";

export type ParameterProblem =
  | { readonly type: "unknown"; readonly name: string; readonly nearest?: string }
  | { readonly type: "missing"; readonly name: string };

/** Understood by us, or sent by us; harmless on every line. */
const ALWAYS_ACCEPTED: readonly string[] = ["action", "agent", "name", "nodename", "option"];

/** Names that are further from every known one than this are not explained. */
const NEAREST_DISTANCE_MAX = 3;

/** Old and new names of the same thing, for agents whose metadata does not tell. */
const ALIASES: readonly (readonly string[])[] = [
  ["ipaddr", "ip"],
  ["login", "username"],
  ["passwd", "password", "passwd_script", "password_script"],
  ["port", "plug"],
  ["secure", "ssh"],
  ["ribcl", "ribcl_version"],
];

/**
 * What is wrong with the parameters of one device line, by the agent's own description.
 * `given` has the names of all parameters that will be sent, `passwd_script` included.
 */
export function parameterProblems(
  metadata: AgentMetadata,
  given: readonly string[],
): readonly ParameterProblem[] {
  const known = new Set([...ALWAYS_ACCEPTED, ...metadata.parameters.map(({ name }) => canonical(name))]);
  for (const { obsoletes } of metadata.parameters) if (obsoletes) known.add(canonical(obsoletes));
  const names = given.map(canonical);
  const problems: ParameterProblem[] = [];
  for (const [index, name] of names.entries()) {
    if (known.has(name) || aliasesOf(name).some((alias) => known.has(alias))) continue;
    const nearest = nearestOf(name, [...known]);
    problems.push({
      type: "unknown",
      name: given[index] ?? name,
      ...(nearest === undefined ? {} : { nearest }),
    });
  }
  for (const parameter of metadata.parameters) {
    const name = canonical(parameter.name);
    if (!parameter.required || parameter.deprecated || parameter.default !== undefined) continue;
    if (ALWAYS_ACCEPTED.includes(name)) continue;
    const others = parameter.obsoletes === undefined ? [] : [canonical(parameter.obsoletes)];
    const accepted = [name, ...others, ...aliasesOf(name)];
    if (!accepted.some((alias) => names.includes(alias))) {
      problems.push({ type: "missing", name: parameter.name });
    }
  }
  return problems;
}

function aliasesOf(name: string): readonly string[] {
  return ALIASES.find((group) => group.includes(name)) ?? [];
}

function nearestOf(name: string, candidates: readonly string[]): string | undefined {
  let best: { name: string; distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = editDistance(name, candidate);
    if (distance < (best?.distance ?? NEAREST_DISTANCE_MAX + 1)) best = { name: candidate, distance };
  }
  return best !== undefined && best.distance < name.length ? best.name : undefined;
}

/** Insertions, deletions and exchanges of one character each. Units: 0 to {@link NEAREST_DISTANCE_MAX} + 1. */
function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > NEAREST_DISTANCE_MAX) return NEAREST_DISTANCE_MAX + 1;
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const exchange = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(exchange, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return Math.min(row[b.length] ?? 0, NEAREST_DISTANCE_MAX + 1);
}
