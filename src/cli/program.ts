/** `bouncer`: all commands on one program, and what happens when the command line is wrong. */
import { Command, CommanderError } from "commander";
import { addAck } from "./commands/ack.ts";
import { addAgent, runAgent } from "./commands/agent.ts";
import { addAgents } from "./commands/agents.ts";
import { addAudit } from "./commands/audit.ts";
import { addBmc } from "./commands/bmc.ts";
import { addCheck } from "./commands/check.ts";
import { addCompletion } from "./commands/completion.ts";
import { addConfig } from "./commands/config/group.ts";
import { addConsole } from "./commands/console.ts";
import { addCorosyncConf } from "./commands/corosync-conf.ts";
import { addCoverage } from "./commands/coverage.ts";
import { addDemo } from "./commands/demo.ts";
import { addFence, addUnfence } from "./commands/fence.ts";
import { addHistory } from "./commands/history.ts";
import { addImport } from "./commands/import.ts";
import { addLock } from "./commands/lock.ts";
import { addLocks } from "./commands/locks.ts";
import { addLvm } from "./commands/lvm.ts";
import { addJoin, addLeave } from "./commands/membership.ts";
import { addPower } from "./commands/power.ts";
import { addReplay } from "./commands/replay.ts";
import { addSecret } from "./commands/secret.ts";
import { addSimulate } from "./commands/simulate.ts";
import { addStatus } from "./commands/status.ts";
import { addToken } from "./commands/token.ts";
import { addUser } from "./commands/user.ts";
import { addVersion } from "./commands/version.ts";
import { addWait } from "./commands/wait.ts";
import { addWatch } from "./commands/watch.ts";
import { addWhatIf } from "./commands/what-if.ts";
import { addWhy } from "./commands/why.ts";
import { type CliContext, SOCKET_DEFAULT } from "./context.ts";
import { EXIT } from "./exit-codes.ts";
import { fail } from "./fail.ts";
import { openSession, type Shell } from "./session.ts";

const ADD = [
  addStatus,
  addWhy,
  addJoin,
  addLeave,
  addWait,
  addFence,
  addUnfence,
  addPower,
  addAck,
  addCheck,
  addAgents,
  addAgent,
  addBmc,
  addCoverage,
  addWhatIf,
  addSimulate,
  addLocks,
  addLvm,
  addLock,
  addReplay,
  addHistory,
  addConfig,
  addCorosyncConf,
  addImport,
  addSecret,
  addWatch,
  addConsole,
  addUser,
  addToken,
  addAudit,
  addDemo,
  addCompletion,
  addVersion,
];

export function buildProgram(shell: Shell): Command {
  const { ctx } = shell;
  const program = new Command("bouncer")
    .description("Fence domain of this cluster: who is in, who is cut off, and why storage is held.")
    .option("--socket <path>", `where bouncerd listens (or BOUNCER_SOCKET; default ${SOCKET_DEFAULT})`)
    .helpOption("-h, --help", "help for a command")
    .helpCommand("help [command]", "help for a command")
    .configureHelp({ helpWidth: ctx.columns })
    .configureOutput({
      writeOut: ctx.out,
      writeErr: ctx.err,
      outputError: (text, write) => write(`bouncer: ${text.replace(/^error: /, "")}`),
    })
    .showHelpAfterError("  See: bouncer help")
    .exitOverride()
    .addHelpText("after", "\nStart with: bouncer status\nExit codes: docs/commands.md");
  for (const add of ADD) add(program, shell);
  return program;
}

/** Runs one command line and returns its exit code. Never throws. */
export async function runBouncer(argv: readonly string[], ctx: CliContext): Promise<number> {
  let exit: number = EXIT.ok;
  const shell: Shell = {
    ctx,
    open: (command) => openSession(ctx, command.optsWithGlobals<{ socket?: string }>().socket),
    finish: (code) => {
      exit = code;
    },
  };
  try {
    const program = buildProgram(shell);
    if (argv.length === 0) {
      program.outputHelp({ error: true });
      return EXIT.usage;
    }
    // Words of the demo are its own: also those that look like our options.
    if (argv[0] === "demo") return await ctx.demo(argv.slice(1));
    if (argv[0] === "agent" && argv[1]?.startsWith("fence_") === true)
      return await runAgent(argv.slice(1), ctx);
    await program.parseAsync([...argv], { from: "user" });
    return exit;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    return fail("bouncer", error, ctx);
  }
}
