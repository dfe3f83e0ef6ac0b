/** `bouncer replay` at work. Loads the core. */
import { bootState } from "../../core/boot.ts";
import type { Millis } from "../../core/ids.ts";
import type { Input } from "../../core/inputs.ts";
import { step } from "../../core/step.ts";
import { formatDuration } from "../../core/view/verdict.ts";
import { type Difference, readFlight, replayLines } from "../../daemon/replay.ts";
import { EXIT } from "../exit-codes.ts";
import { UsageError } from "../fail.ts";
import { clean, labelled, lines } from "../format/text.ts";
import { type JsonOption, printJson, type Session } from "../session.ts";

export interface ReplayCommandOptions extends JsonOption {
  readonly decisions?: true;
}

/** Units: bytes. Two segments of a flight recorder, written out, are a fraction of this. */
const FLIGHT_BYTES_MAX = 256 * 1024 * 1024;

interface Report {
  readonly file: string;
  readonly node: number;
  readonly inputs: number;
  readonly spanMs: Millis;
  /** Lines at which something else was decided. */
  readonly differences: number;
  readonly first?: Difference;
  /** What the core threw at the last input. */
  readonly thrown?: string;
}

/** Answers the exit code. */
export async function replay(
  { ctx, client, call }: Session,
  files: readonly string[],
  options: ReplayCommandOptions,
): Promise<number> {
  const reports: Report[] = [];
  for (const file of files) {
    const bytes = ctx.files.bytes(file === "-" ? "/dev/stdin" : file, FLIGHT_BYTES_MAX);
    if (typeof bytes === "string") {
      throw new UsageError(`${file} cannot be read: ${bytes}`, "Check the path and its permissions");
    }
    reports.push(play(file, new TextDecoder().decode(bytes), options));
  }
  if (files.length === 0) reports.push(play("this daemon", await client.text("flight", call), options));
  if (options.json) printJson(ctx, { records: reports });
  else ctx.out(lines(reports.flatMap((report) => format(report, ctx.columns))));
  const isSame = reports.every((report) => report.differences === 0 && report.thrown === undefined);
  return isSame ? EXIT.ok : EXIT.failed;
}

function play(file: string, text: string, { decisions }: ReplayCommandOptions): Report {
  try {
    const record = readFlight(text);
    const compare = decisions ? "decisions" : "everything";
    const { inputs, spanMs, differences, thrown } = replayLines(record, { bootState, step }, { compare });
    const [boot] = record;
    const [first] = differences;
    return {
      file,
      node: boot?.type === "boot" ? boot.boot.nodeId : 0,
      inputs,
      spanMs,
      differences: differences.length,
      ...(first === undefined ? {} : { first }),
      ...(thrown === undefined ? {} : { thrown: thrown instanceof Error ? thrown.message : String(thrown) }),
    };
  } catch (error) {
    throw new UsageError(
      `${file} is no flight record: ${(error as Error).message}`,
      "bouncerd writes flight-*.ndjson into its state directory: at SIGUSR1, and when it ends with 70",
    );
  }
}

function format(report: Report, columns: number): string[] {
  const { file, node, inputs, spanMs, differences, first, thrown } = report;
  const head = `${clean(file)}: node ${node}, ${inputs} inputs in ${formatDuration(spanMs)}`;
  const more = (label: string, text: string): string[] => labelled(label, text, { indent: 2, columns });
  const crash = thrown === undefined ? [] : more("ends with", thrown);
  if (first === undefined) {
    return thrown === undefined ? [`${head}: the same decisions as recorded`] : [head, ...crash];
  }
  return [
    `${head}: ${differences} decided otherwise, the first in line ${first.line}`,
    ...more("input", first.input === undefined ? "the start of the daemon" : nameOf(first.input)),
    ...more("recorded", (first.recorded ?? "nothing more").slice(0, EFFECT_CHARS_MAX)),
    ...more("now", (first.now ?? "nothing more").slice(0, EFFECT_CHARS_MAX)),
    ...crash,
  ];
}

/** Snapshots are long; where two differ is for `--json`. */
const EFFECT_CHARS_MAX = 600;

function nameOf(input: Input): string {
  if (input.type === "deliver") return `${input.message.body.type} of node ${input.from.nodeId}`;
  if (input.type === "request") return `request ${input.request.type}`;
  return input.type;
}
