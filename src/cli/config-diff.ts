/** `bouncer config diff` at work. Loads the XML library and the simulator. */
import type { Change } from "../config/diff/change.ts";
import { diffConfigs, isUsable, type UsableConfig } from "../config/diff/diff-configs.ts";
import { redactText } from "../config/redact.ts";
import { textDiff } from "../config/text-diff.ts";
import { OperationError } from "../core/errors.ts";
import type { CliContext } from "./context.ts";
import { EXIT } from "./exit-codes.ts";
import { formatChanges } from "./format/changes.ts";
import { readConfig } from "./read-config.ts";
import { type JsonOption, printJson } from "./session.ts";
import { type Consequence, consequencesOf } from "./trial/consequences.ts";

export interface DiffOptions extends JsonOption {
  readonly exitCode?: true;
  /** False with `--no-text`. */
  readonly text: boolean;
}

/** One side of a comparison. */
export interface DiffSide {
  /** Where it comes from, for people. */
  readonly name: string;
  readonly text: string;
  readonly parsed: UsableConfig;
}

export interface Comparison {
  readonly changes: readonly Change[];
  /** Absent: the cluster is too large to play its failures in passing. */
  readonly consequences?: readonly Consequence[];
  /** Unified, passwords masked. Empty when the texts are equal. */
  readonly text: string;
}

/** Answers the exit code. Errors: `CFG_UNREADABLE`, `CFG_INVALID`. */
export async function diffFiles(
  ctx: CliContext,
  first: string,
  second: string | undefined,
  options: DiffOptions,
): Promise<number> {
  const before = await readSide(ctx, second === undefined ? undefined : first);
  const after = await readSide(ctx, second ?? first);
  const comparison = compareSides(before, after);
  if (options.json) printJson(ctx, { before: before.name, after: after.name, ...comparison });
  else ctx.out(formatChanges({ ...comparison, text: options.text ? comparison.text : "" }, ctx));
  return options.exitCode && comparison.changes.length > 0 ? EXIT.failed : EXIT.ok;
}

/** The same for configurations that come from elsewhere: from the history, from a member. */
export function compareSides(before: DiffSide, after: DiffSide): Comparison {
  const changes = diffConfigs(before.parsed, after.parsed);
  // Nothing of weight changed: nothing can come of it, and playing it takes seconds.
  const consequences = changes.length === 0 ? [] : consequencesOf(before.parsed, after.parsed);
  const text = redactText(textDiff(before.text, after.text, { a: before.name, b: after.name }));
  return { changes, text, ...(consequences === undefined ? {} : { consequences }) };
}

async function readSide(ctx: CliContext, file: string | undefined): Promise<DiffSide> {
  const { path, bytes, parsed } = await readConfig(ctx, file, { lookAtNode: false });
  if (!isUsable(parsed)) {
    throw new OperationError("CFG_INVALID", `${path} cannot be used; see: bouncer config validate ${path}`);
  }
  return { name: path, text: new TextDecoder().decode(bytes), parsed };
}
