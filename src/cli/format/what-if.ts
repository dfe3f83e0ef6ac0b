/** What `bouncer what-if` prints: the story in time, then what it means. */
import type { ClusterConfig } from "../../core/config.ts";
import { briefActs, briefWhy } from "../../sim/trial/group.ts";
import type { TimelineLine, WhatIf } from "../../sim/trial/what-if.ts";
import { formatTiming, seconds } from "./coverage.ts";
import type { Paint } from "./paint.ts";
import { lines, wrap } from "./text.ts";

export interface WhatIfTextOptions {
  readonly paint: Paint;
  readonly columns: number;
}

/** Width of the time, blanks included. */
const TIME = 11;
/** Most of the line that the names of nodes may take. */
const NODES_MAX = 24;

export function formatWhatIf(config: ClusterConfig, story: WhatIf, options: WhatIfTextOptions): string {
  const { paint, columns } = options;
  const names = story.lines.map((line) => whoText(line).length);
  const width = Math.min(NODES_MAX, Math.max(4, ...names));
  return lines([
    ...wrap(
      `Cluster ${config.name}, configuration version ${config.version}. What if ${story.faults.join(", and ")}?`,
      columns,
    ),
    ...formatTiming(story.timing, columns),
    "",
    ...story.lines.flatMap((line) => eventLines(line, width, options)),
    "",
    ...wrap(verdict(story), columns).map(paint.bold),
    "",
    ...story.end.map(({ node, writes, text }) => `  ${node}  ${writes ? paint.good(text) : text}`),
  ]);
}

function whoText({ nodes, code }: TimelineLine): string {
  if (code === "fault") return "fault";
  if (code === "act") return "you";
  return nodes.length === 0 ? "" : nodes.join(" ");
}

function eventLines(line: TimelineLine, width: number, { paint, columns }: WhatIfTextOptions): string[] {
  const time = `${line.atMs < 0 ? "" : "+"}${(line.atMs / 1_000).toFixed(1)} s`.padStart(TIME - 2);
  const who = wrap(whoText(line), width);
  const colour = { held: paint.hold, released: paint.good, fault: paint.bad, act: paint.bold }[line.code];
  const text = wrap(line.text, columns - TIME - width - 2);
  return Array.from({ length: Math.max(who.length, text.length) }, (_, at) => {
    const left = `${at === 0 ? time.padEnd(TIME) : " ".repeat(TIME)}${(who[at] ?? "").padEnd(width)}`;
    const right = text[at] ?? "";
    return `${left}  ${colour === undefined ? right : colour(right)}`.trimEnd();
  });
}

function verdict({ outcome }: WhatIf): string {
  const { verdict: what, heldMs, grade, ended } = outcome;
  if (what === "goes-on") return "Storage goes on.";
  if (what === "ends") {
    const proof = grade === undefined ? "" : ` The proof is of grade ${grade}.`;
    return `Storage is held for ${seconds(heldMs)} and released by itself.${proof}`;
  }
  const acts = briefActs(outcome);
  const way = ended
    ? acts.join(", then ")
    : `${acts.join(", then ")}, and that does not end it: please report this`;
  return `Storage FREEZES until a person acts: ${briefWhy(outcome).join("; ")}. It ends by: ${way}.`;
}
