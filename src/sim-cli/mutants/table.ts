/** The list of planted bugs in docs/planted-bugs.md, between two markers. */
import type { Mutant } from "./list.ts";

const BEGIN = "<!-- planted bugs: written by `npm run sim:mutants -- --write` -->";
const END = "<!-- end of planted bugs -->";

/** The seeds that noticed each bug when the table was written: whoever was caught by one is tried first. */
export function knownKillers(document: string): ReadonlyMap<string, number> {
  const rows = document.matchAll(/^\| ([a-z-]+) \|.*\| seed (\d+) \(/gm);
  return new Map([...rows].map(([, name = "", seed]) => [name, Number(seed)]));
}

/** The test or scenario that noticed those which no seed noticed. */
export function knownFiles(document: string): ReadonlyMap<string, string> {
  const rows = document.matchAll(/^\| ([a-z-]+) \|.*\| `([\w/.-]+\.(?:test\.ts|scn))` \|$/gm);
  return new Map([...rows].map(([, name = "", file = ""]) => [name, file]));
}

/** Rows of bugs that were not planted this time stay as they were. Errors: throws when the document lacks the markers. */
export function withTable(
  document: string,
  all: readonly Mutant[],
  planted: ReadonlySet<string>,
  caught: ReadonlyMap<string, string>,
): string {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`the document lacks the lines ${BEGIN} and ${END}`);
  const before = new Map(
    document
      .slice(begin, end)
      .split("\n")
      .map((line) => [/^\| ([a-z-]+) \|/.exec(line)?.[1], line]),
  );
  const rows = all.map(({ name, breaks, file }) => {
    const noticed = caught.get(name) ?? "**nothing**";
    const row = `| ${name} | ${breaks} | \`${file}\` | ${noticed} |`;
    return planted.has(name) ? row : (before.get(name) ?? row);
  });
  const table = [
    "| bug | the rule that it breaks | in `src/core` | noticed by |",
    "|---|---|---|---|",
    ...rows,
  ];
  return `${document.slice(0, begin)}${BEGIN}\n\n${table.join("\n")}\n\n${document.slice(end)}`;
}
