/** What `bouncer config diff` prints: what the changes mean, what comes of them, then the lines. */
import type { Change, Weight } from "../../config/diff/change.ts";
import type { Consequence } from "../trial/consequences.ts";
import type { Paint } from "./paint.ts";
import { clean, lines, wrap } from "./text.ts";

export interface ChangesText {
  readonly changes: readonly Change[];
  /** Absent: the cluster is too large to play its failures in passing. */
  readonly consequences?: readonly Consequence[];
  /** Lines that differ; empty: not shown. */
  readonly text: string;
}

interface Options {
  readonly paint: Paint;
  readonly columns: number;
}

export function formatChanges({ changes, consequences, text }: ChangesText, options: Options): string {
  const meaning =
    changes.length === 0 ? ["Both mean the same."] : changes.flatMap((one) => item(one, options));
  return lines([...meaning, ...effects(consequences, options), ...painted(text, options)]);
}

const MARKS: Readonly<Record<Weight, string>> = { frozen: "!!", watch: "! ", better: "+ ", plain: "- " };

function item({ weight, text, effect }: Change, { paint, columns }: Options): string[] {
  const colour = { frozen: paint.bad, watch: paint.warn, better: paint.good, plain: paint.bold }[weight];
  const sentence = effect === undefined ? text : `${text}: ${effect}`;
  const whole = weight === "frozen" ? `${sentence} (refused while the cluster runs)` : sentence;
  return hanging(colour(MARKS[weight]), whole, columns);
}

function effects(consequences: readonly Consequence[] | undefined, { paint, columns }: Options): string[] {
  if (consequences === undefined)
    return [
      "",
      ...wrap("More nodes than are played in passing: bouncer coverage says what comes of it.", columns),
    ];
  if (consequences.length === 0) return [];
  const rows = consequences.flatMap(({ fault, turn, text }) =>
    hanging(turn === "worse" ? paint.bad("! ") : paint.good("+ "), `${fault}: ${text}`, columns),
  );
  return ["", "If then", ...rows];
}

/** The mark is two columns wide, whatever its colour. */
function hanging(mark: string, text: string, columns: number): string[] {
  return wrap(text, columns - 3).map((line, at) => (at === 0 ? `${mark} ${line}` : `   ${line}`));
}

function painted(text: string, { paint }: Options): string[] {
  if (text === "") return [];
  const colours: Readonly<Record<string, (text: string) => string>> = {
    "+": paint.good,
    "-": paint.bad,
    "@": paint.dim,
  };
  const rows = text.replace(/\n$/, "").split("\n").map(clean);
  return ["", ...rows.map((line) => colours[line[0] ?? ""]?.(line) ?? line)];
}
