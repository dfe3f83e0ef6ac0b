/** `bouncer join` and `bouncer leave`. */
import type { Command } from "commander";
import { OperationError } from "../../core/errors.ts";
import type { StatusView } from "../../core/view/types.ts";
import { EXIT } from "../exit-codes.ts";
import { statusWhen } from "../follow.ts";
import { clean } from "../format/text.ts";
import { type JsonOption, printJson, progress, type Session, type Shell } from "../session.ts";

/** How long a join may be silent before it says what it waits for. Units: ms. */
const QUIET_MS = 2_000;
/** How often `leave --wait` may find storage in use again before it gives up. */
const LEAVE_TRIES_MAX = 1_000;

export function addJoin(program: Command, shell: Shell): void {
  program
    .command("join")
    .description("enter the fence domain")
    .option("--json", "the answer as JSON")
    .addHelpText("after", "\nExamples:\n  bouncer join\n  bouncer join && bouncer wait --for open")
    .action(async (options: JsonOption, command: Command) =>
      shell.finish(await join(shell.open(command), options)),
    );
}

export function addLeave(program: Command, shell: Shell): void {
  program
    .command("leave")
    .description("leave it; refused while storage is in use here")
    .option("--wait", "wait until storage is no longer in use, then leave")
    .option("--json", "the answer as JSON")
    .addHelpText("after", "\nExamples:\n  bouncer leave\n  bouncer leave --wait")
    .action(async (options: LeaveOptions, command: Command) =>
      shell.finish(await leave(shell.open(command), options)),
    );
}

async function join({ ctx, client, call }: Session, options: JsonOption): Promise<number> {
  const done = new AbortController();
  const tell = async (): Promise<void> => {
    await ctx.sleep(QUIET_MS, done.signal);
    if (done.signal.aborted) return;
    const view = await client.status({}, { signal: done.signal });
    progress(
      ctx,
      `not in yet: ${clean(view.why[0]?.step ?? view.verdict)} (the daemon goes on joining after Ctrl-C)`,
    );
  };
  const telling = tell().catch(() => {}); // It is only progress: the join itself reports what fails.
  try {
    const { type } = await client.join({}, call);
    if (options.json === true) printJson(ctx, { type });
    else ctx.out(type === "already" ? "Already in the fence domain.\n" : "Joined the fence domain.\n");
    return EXIT.ok;
  } finally {
    done.abort();
    await telling;
  }
}

interface LeaveOptions extends JsonOption {
  readonly wait?: true;
}

async function leave(session: Session, options: LeaveOptions): Promise<number> {
  const { ctx, client, call } = session;
  for (let tries = 1; ; tries++) {
    try {
      const { type } = await client.leave({}, call);
      if (options.json === true) printJson(ctx, { type });
      else ctx.out(type === "already" ? "Not in the fence domain.\n" : "Left the fence domain.\n");
      return EXIT.ok;
    } catch (error) {
      if (!(error instanceof OperationError) || error.code !== "DOM_IN_USE") throw error;
      if (options.wait !== true || tries >= LEAVE_TRIES_MAX) throw error;
      const { inUse } = await client.status({}, call);
      progress(ctx, `waiting until storage is free: ${clean(inUse.join(", "))}`);
      await statusWhen(session, isFree, { timeoutMs: -1 });
    }
  }
}

function isFree(status: StatusView): boolean {
  return status.inUse.length === 0;
}
