/** What `bouncer config validate` prints: each finding with its place and its cure, then the sum. */
import type { ParsedConfig } from "../../config/model.ts";
import { type ConfigProblem, fixOf, formatForEditor, type Severity } from "../../config/problem.ts";
import type { Paint } from "./paint.ts";
import { clean, labelled, lines } from "./text.ts";

export interface FindingsOptions {
  readonly form: "text" | "editor";
  readonly paint: Paint;
  readonly columns: number;
}

export function formatFindings(path: string, parsed: ParsedConfig, options: FindingsOptions): string {
  const file = clean(path);
  if (options.form === "editor") return lines(parsed.problems.map((one) => formatForEditor(one, file)));
  return lines([...parsed.problems.flatMap((one) => finding(one, file, options)), summary(file, parsed)]);
}

function finding(problem: ConfigProblem, file: string, { paint, columns }: FindingsOptions): string[] {
  const { line, column, severity, what, reason } = problem;
  const place = line === 0 ? file : `${file}:${line}${column === undefined ? "" : `:${column}`}`;
  const colour = { error: paint.bad, warning: paint.warn, hint: paint.dim }[severity];
  const more = (label: string, text: string): string[] => labelled(label, text, { indent: 2, columns });
  return [
    `${place}: ${colour(severity)}: ${what}`,
    ...(reason === undefined ? [] : more("because", reason)),
    ...more("expected", fixOf(problem)),
  ];
}

function summary(file: string, { config, problems }: ParsedConfig): string {
  const counts = (["error", "warning", "hint"] as const).flatMap((severity) => count(problems, severity));
  const found = counts.length === 0 ? "nothing to say about it" : counts.join(", ");
  if (config === undefined) return `${file} cannot be used: ${found}`;
  const nodes = config.nodes.length === 1 ? "1 node" : `${config.nodes.length} nodes`;
  return `${file} can be used: version ${config.version} of ${config.name}, ${nodes}; ${found}`;
}

function count(problems: readonly ConfigProblem[], severity: Severity): readonly string[] {
  const number = problems.filter((one) => one.severity === severity).length;
  if (number === 0) return [];
  return [`${number} ${severity}${number === 1 ? "" : "s"}`];
}
