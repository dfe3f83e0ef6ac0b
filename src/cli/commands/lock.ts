import { type Command, Option } from "commander";
import { locksSocketOf } from "../../api/locks.ts";
import type { HeldLock, Locks } from "../../api/locks-client.ts";
import { OperationError } from "../../core/errors.ts";
import { MODES, type Mode } from "../../core/locks/modes.ts";
import { isLockName, isLockspace } from "../../core/locks/names.ts";
import { type CliContext, socketOf } from "../context.ts";
import { parseSeconds } from "../options.ts";
import type { Shell } from "../session.ts";

interface LockOptions {
  readonly mode: Mode;
  readonly lockspace: string;
  /** Units: s. */
  readonly wait?: number;
  readonly try?: boolean;
}

/** Units: characters of a command in the list of locks. */
const OWNER_CHARS = 40;

export function addLock(program: Command, shell: Shell): void {
  program
    .command("lock")
    .description("run a command while this cluster holds a lock for it")
    .argument("<id>", "what is locked: any text of 1 to 64 bytes")
    .argument("<cmd...>", "what runs while it is held; put -- before it")
    .addOption(new Option("--mode <mode>", "lock mode").choices([...MODES]).default("EX"))
    .option("--lockspace <name>", "lockspace, or CLUSTER:LOCKSPACE to be sure of the cluster", "default")
    .option("--wait <seconds>", "give up after this long (also 30s); without it: never", parseWait)
    .option("--try", "do not wait at all")
    .addHelpText(
      "after",
      "\nThe command is ended when the lock is lost. Exit code: the command's; 5 the lock was not to be had.\n\n" +
        "Examples:\n  bouncer lock nightly-backup -- /usr/local/sbin/backup\n" +
        "  bouncer lock --mode PR --wait 30s images/vm-101 -- qemu-img info /san/vm-101.qcow2",
    )
    .action(async (name: string, argv: readonly string[], options: LockOptions, command: Command) => {
      const socket = socketOf(shell.ctx.env, command.optsWithGlobals<{ socket?: string }>().socket);
      shell.finish(await runLocked(shell.ctx, socket, name, argv, options));
    });
}

function parseWait(text: string): number {
  return parseSeconds(text.replace(/s$/, ""));
}

async function runLocked(
  ctx: CliContext,
  socket: string,
  name: string,
  argv: readonly string[],
  options: LockOptions,
): Promise<number> {
  const [cluster, lockspace] = options.lockspace.includes(":")
    ? [options.lockspace.replace(/:[^:]*$/, ""), options.lockspace.replace(/^.*:/, "")]
    : [undefined, options.lockspace];
  if (!isLockName(name))
    throw new OperationError("REQ_INVALID", "a lock's name has 1 to 64 bytes and no control characters");
  if (!isLockspace(lockspace)) {
    throw new OperationError(
      "REQ_INVALID",
      `"${lockspace}" is no lockspace: 1 to 64 letters, digits and . _ + -`,
    );
  }
  const owner = `${argv.join(" ").slice(0, OWNER_CHARS)} (pid ${ctx.pid})`;
  const locks = await ctx.openLocks(locksSocketOf(socket), owner, cluster);
  try {
    const lost = new AbortController();
    const lock = await take(ctx, locks, name, lockspace, options, lost);
    const outcome = await ctx.runCommand(argv, lost.signal, locks.descriptor);
    if (lost.signal.aborted) {
      throw new OperationError("LCK_LOST", `the command was ended: ${String(lost.signal.reason)}`);
    }
    await lock.release();
    return outcome;
  } finally {
    locks.close();
  }
}

async function take(
  ctx: CliContext,
  locks: Locks,
  name: string,
  lockspace: string,
  { mode, wait, try: hasty }: LockOptions,
  lost: AbortController,
): Promise<HeldLock> {
  const giveUp =
    wait === undefined ? ctx.signal : AbortSignal.any([ctx.signal, AbortSignal.timeout(wait * 1_000)]);
  try {
    return await locks.lock(name, {
      mode,
      lockspace,
      signal: giveUp,
      onLost: (why) => lost.abort(why),
      ...(hasty === true ? { noQueue: true } : {}),
    });
  } catch (error) {
    const over = error instanceof OperationError && error.code === "LCK_CANCELLED";
    if (!over || ctx.signal.aborted) throw error;
    throw new OperationError("LCK_TIMEOUT", `${lockspace}/${name} was not to be had within ${wait} s`);
  }
}
