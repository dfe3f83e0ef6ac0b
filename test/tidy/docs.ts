/** Judges the documents: errors, decisions, sizes, links, words. Each check returns its complaints. */
import { posix } from "node:path";
import { lineCount } from "./words.ts";

export const PAGE_LINES_MAX = 200;
export const DECISION_LINES_MAX = 60;
const DECISION_HEADINGS = ["Status", "Context", "Decision", "Consequences", "Rejected"];

/** The codes of src/core/errors.ts against the rows `| CODE | exit | HTTP | … | … |` of the page. */
export function undocumentedErrors(
  errors: Readonly<Record<string, { readonly exit: number; readonly status: number }>>,
  page: string,
): string[] {
  const rows = new Map<string, string>();
  for (const [, code = "", exit, status, what, todo] of page.matchAll(
    /^\| `([A-Z]+_[A-Z_]+)` \| (\d+) \| (\d+) \|([^|\n]+)\|([^|\n]+)\|$/gm,
  )) {
    if (what?.trim() !== "" && todo?.trim() !== "") rows.set(code, `${exit} ${status}`);
  }
  const missing = Object.entries(errors).flatMap(([code, { exit, status }]) => {
    const row = rows.get(code);
    if (row === undefined) return [`${code} has no complete row`];
    return row === `${exit} ${status}` ? [] : [`${code} is documented as ${row}, but is ${exit} ${status}`];
  });
  const invented = [...rows.keys()].filter((code) => !(code in errors));
  return [...missing, ...invented.map((code) => `${code} is documented, but does not exist`)];
}

/** Exit codes in use that the page's first table does not explain. */
export function unexplainedExits(exits: readonly number[], page: string): number[] {
  return [...new Set(exits)].filter((exit) => !new RegExp(`^\\| ${exit} \\| \\S`, "m").test(page));
}

export function decisionProblems(file: string, text: string): string[] {
  const name = posix.basename(file);
  const problems: string[] = [];
  if (!/^\d{4}-[a-z0-9]+(-[a-z0-9]+)+\.md$/.test(name)) problems.push("is not named NNNN-verb-noun.md");
  if (!text.startsWith(`# ${name.slice(0, 4)}: `)) problems.push("does not begin with its number");
  const headings = [...text.matchAll(/^## (.+)$/gm)].map((match) => match[1]);
  if (headings.join() !== DECISION_HEADINGS.join()) {
    problems.push(`has the headings ${headings.join(", ")}; wanted: ${DECISION_HEADINGS.join(", ")}`);
  }
  if (/^## .+\n+(?=## |$(?![\s\S]))/m.test(text)) problems.push("has an empty section");
  if (lineCount(text) > DECISION_LINES_MAX) problems.push(`has more than ${DECISION_LINES_MAX} lines`);
  return problems.map((problem) => `${file} ${problem}`);
}

/** Numbers of decisions that are missing or given twice. */
export function numberingProblems(files: readonly string[]): string[] {
  return [...files].sort().flatMap((file, index) => {
    const wanted = String(index + 1).padStart(4, "0");
    return posix.basename(file).startsWith(wanted) ? [] : [`${file}: the next number is ${wanted}`];
  });
}

/** Relative links of Markdown pages, anchors included, that lead nowhere. `files`: all of the repository. */
export function deadLinks(pages: ReadonlyMap<string, string>, files: readonly string[]): string[] {
  const known = new Set(files.flatMap((file) => [file, ...parents(file)]));
  return [...pages].flatMap(([page, text]) =>
    linksOf(text).flatMap((link) => {
      if (/^[a-z][a-z0-9+.-]*:/i.test(link)) return [];
      const [path = "", anchor] = link.split("#");
      const target = path === "" ? page : posix.join(posix.dirname(page), path).replace(/\/$/, "");
      if (!known.has(target)) return [`${page} links to ${link}, which does not exist`];
      const there = pages.get(target);
      if (anchor === undefined || there === undefined || anchorsOf(there).has(anchor)) return [];
      return [`${page} links to ${link}, which has no such heading`];
    }),
  );
}

/** Pages and decisions that the code sends its reader to, in comments or messages, and that are not there. */
export function deadMentions(sources: ReadonlyMap<string, string>, files: readonly string[]): string[] {
  return [...sources].flatMap(([file, source]) => {
    const pages = [...source.matchAll(/\bdocs\/[\w/-]+\.md\b/g)].map((match) => match[0]);
    const decisions = [...source.matchAll(/\bADR (\d{4})\b/g)].map((match) => `docs/adr/${match[1]}-`);
    return [...new Set([...pages, ...decisions])]
      .filter((wanted) => !files.some((name) => name.startsWith(wanted)))
      .map((wanted) => `${file} mentions ${wanted.replace(/-$/, "")}, which does not exist`);
  });
}

function parents(file: string): string[] {
  const parts = file.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

function linksOf(text: string): string[] {
  const prose = text.replace(/^```[\s\S]*?^```$/gm, "").replace(/`[^`\n]*`/g, "");
  return [...prose.matchAll(/\]\(([^()\s]+)\)/g)].map((match) => match[1] ?? "");
}

/** As the usual renderers make them: lower case, punctuation dropped, spaces to dashes. */
export function anchorsOf(text: string): Set<string> {
  const prose = text.replace(/^```[\s\S]*?^```$/gm, "");
  const headings = [...prose.matchAll(/^#{1,6} (.+)$/gm)].map((match) => match[1] ?? "");
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, "")
        .trim()
        .replace(/\s/g, "-"),
    ),
  );
}

/** Words that the glossary says are in the code, and are not. `sources`: everything under src. */
export function unusedTerms(glossary: string, sources: ReadonlyMap<string, string>): string[] {
  const words = new Set([...sources.values()].flatMap((source) => source.match(/[\w$]+/g) ?? []));
  const folders = new Set([...sources.keys()].flatMap(parents));
  return termsOf(glossary).filter((term) => !words.has(term) && !folders.has(term));
}

export function termsOf(glossary: string): string[] {
  const rows = [...glossary.matchAll(/^\|[^|\n]+\|[^|\n]+\|([^|\n]+)\|[^|\n]*\|$/gm)];
  return rows.flatMap((row) => [...(row[1] ?? "").matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ""));
}

/** Paragraphs that an assertion can name. */
export function missingInvariants(asserted: readonly string[], protocol: string): string[] {
  const anchors = anchorsOf(protocol);
  return [...new Set(asserted)].filter((name) => !anchors.has(name.toLowerCase()));
}

/** Names of invariants in messages: `assert(condition, "I3", …)` and `"I9: …"`. */
export function assertedInvariants(sources: ReadonlyMap<string, string>): string[] {
  return [...sources.values()].flatMap((source) =>
    [...source.matchAll(/"(I\d+)(?=[":])/g)].map((match) => match[1] ?? ""),
  );
}
