/** Staging and activating from the command line: shared by `bouncer config …` and `cman_tool version -r`. */
import type { ConfigReply } from "../api/config.ts";
import { OperationError } from "../core/errors.ts";
import type { Millis } from "../core/ids.ts";
import type { CliContext } from "./context.ts";
import { lines } from "./format/text.ts";
import { progress, type Session } from "./session.ts";

/** Where a text comes from: `file` and `new` are read by the daemon, at its own path. */
export type StageSource =
  | { readonly of: "file" | "new" | `${number}` }
  | { readonly of: "given"; readonly text: string };

/** Units: bytes. Longer files are refused by the daemon, with a sentence. */
const FILE_BYTES_MAX = 1024 * 1024;

/** Errors: `CFG_UNREADABLE`, `CFG_INVALID`. */
export function sourceOf(ctx: CliContext, file: string | undefined): StageSource {
  if (file === undefined) return { of: "new" };
  const path = file === "-" ? "/dev/stdin" : file;
  const bytes = ctx.files.bytes(path, FILE_BYTES_MAX);
  if (typeof bytes === "string")
    throw new OperationError("CFG_UNREADABLE", `${file} cannot be read: ${bytes}`);
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return { of: "given", text };
  } catch {
    throw new OperationError("CFG_INVALID", `${file} is not text in UTF-8`);
  }
}

export interface StageOptions {
  readonly comment?: string;
  readonly replace?: boolean;
}

/** How long the members may take to look at it: agents and devices are asked. Units: ms. */
const REPORTS_MS_MAX: Millis = 90_000;
const LOOK_MS: Millis = 300;

export type Staged = NonNullable<ConfigReply["staged"]>;

/**
 * Stages it, waits for what every member says, and answers it. Where somebody was faster, the difference
 * is shown before the refusal. Errors: those of staging; `DOM_WAIT_TIMEOUT` when a member does not answer.
 */
export async function stage(session: Session, source: StageSource, options: StageOptions = {}) {
  const { ctx, client, call } = session;
  const { comment = "", replace = false } = options;
  progress(ctx, "staging …");
  const reply = await client
    .configStage({ by: ctx.user, comment, replace, ...source }, call)
    .catch(async (error: unknown) => {
      await showDifference(session, source, error);
      throw error;
    });
  progress(ctx, `version ${reply.version} is staged; every member looks at it …`);
  return { ...reply, staged: await reportsOf(session, reply.digest) };
}

async function reportsOf(session: Session, digest: string): Promise<Staged> {
  const { ctx, client, call } = session;
  for (let waitedMs = 0; ; waitedMs += LOOK_MS) {
    const { staged } = await client.config({}, call);
    if (staged?.digest !== digest) {
      const detail =
        staged === undefined ? "it was discarded" : `${staged.by} staged version ${staged.version}`;
      throw new OperationError("CFG_CONFLICT", `what was staged is gone: ${detail}`);
    }
    if (staged.missing.length === 0 || waitedMs >= REPORTS_MS_MAX || ctx.signal.aborted) return staged;
    await ctx.sleep(LOOK_MS, ctx.signal);
  }
}

/** What another administrator has done since: between what is in force and what was to be staged. */
async function showDifference(session: Session, source: StageSource, error: unknown): Promise<void> {
  const { ctx, client, call } = session;
  const isOvertaken = error instanceof OperationError && ["CFG_CONFLICT", "CFG_STALE"].includes(error.code);
  if (!isOvertaken) return;
  const { staged } = await client.config({}, call);
  const theirs = staged === undefined ? "in-force" : "staged";
  const diff =
    source.of === "given"
      ? await client.configCompare({ with: theirs, text: source.text }, call)
      : await client.configDiff({ a: theirs, b: source.of }, call);
  ctx.err(
    diff.same
      ? "It is what they have done.\n"
      : lines(["Theirs and yours:", ...diff.text.trimEnd().split("\n")]),
  );
}

export interface ActivateOptions {
  readonly version?: number;
  readonly comment?: string;
  readonly withinMs?: number;
  readonly wait?: boolean;
}

export async function activate(session: Session, options: ActivateOptions) {
  const { ctx, client, call } = session;
  progress(ctx, "activating …");
  return client.configActivate({ by: ctx.user, comment: "", wait: false, ...options }, call);
}

/**
 * In one go: raise the version, stage, let every member look, activate. `cman_tool version -r` is this
 * with `{ of: "file" }`. Errors: `CFG_REJECTED` with what the members said, and all of both steps.
 */
export async function stageAndActivate(
  session: Session,
  source: StageSource,
  options: StageOptions & ActivateOptions = {},
) {
  const { staged } = await stage(session, source, options);
  const refusing = staged.reports.find((report) => !report.ok);
  if (refusing !== undefined) {
    await session.client.configDiscard({ by: session.ctx.user }, session.call);
    throw new OperationError("CFG_REJECTED", `${refusing.node} refuses it: ${refusing.problems.join("; ")}`);
  }
  const { withinMs, wait = false, comment = "" } = options;
  const within = withinMs === undefined ? {} : { withinMs };
  return activate(session, { version: staged.version, comment, wait, ...within });
}
