import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import type { Command } from "commander";
import type { BuiltinAgent } from "../../agents/frame/agent.ts";
import { loadBuiltin } from "../../agents/frame/builtin.ts";
import { type CommandWorld, runCommand } from "../../agents/frame/command.ts";
import type { CliContext } from "../context.ts";
import { EXIT } from "../exit-codes.ts";
import type { Shell } from "../session.ts";

/** Units: ms, and bytes. What a password script may take, and print. */
const SCRIPT_MS_MAX = 10_000;
const SCRIPT_BYTES_MAX = 4_096;

export function addAgent(program: Command, shell: Shell): void {
  program
    .command("agent")
    .description("run a built-in fence agent as a command")
    .argument("[words...]", "its name, then its arguments; without any they are read from standard input")
    .helpOption(false)
    .allowUnknownOption()
    .addHelpText(
      "after",
      "\nExample:\n  bouncer agent fence_ipmilan -P -a 192.0.2.7 -l admin -S /etc/pw -o status",
    )
    .action(async (words: string[], _options: unknown, command: Command) => {
      if (words[0]?.startsWith("fence_") === true) return shell.finish(await runAgent(words, shell.ctx));
      command.outputHelp({ error: true });
      shell.finish(EXIT.usage);
    });
}

/** Every word behind the name is the agent's own, also when it looks like an option of ours. */
export async function runAgent(argv: readonly string[], ctx: CliContext): Promise<number> {
  const [name = "", ...rest] = argv;
  const agent = await loadBuiltin(name);
  if (agent === undefined) {
    ctx.err(`bouncer: no agent of this name is built in: see bouncer agents\n`);
    return EXIT.usage;
  }
  return runCommand(agent, rest, { ...worldOf(ctx), ...(await hostFor(agent)) });
}

/** Loaded for the few whose device hangs on this machine. */
async function hostFor({ onTarget }: BuiltinAgent): Promise<Pick<CommandWorld, "host">> {
  if (onTarget !== true) return {};
  const { createAgentHost } = await import("../../adapters/process/agent-host.ts");
  return { host: createAgentHost() };
}

function worldOf(ctx: CliContext): CommandWorld {
  return {
    out: ctx.out,
    err: ctx.err,
    stdin: () => text(process.stdin),
    shell: (script) => askScript(script, ctx.signal),
    append: ctx.files.append,
    wall: () => new Date(),
    env: ctx.env,
    signal: ctx.signal,
    version: ctx.version,
  };
}

/** As the originals do it: by a shell. Its process group ends with it, at the latest in time. */
function askScript(script: string, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn("/bin/sh", ["-c", script], { stdio: ["ignore", "pipe", "ignore"], detached: true });
    const parts: Buffer[] = [];
    let bytes = 0;
    const end = (): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      } catch {
        child.kill("SIGKILL"); // The group is gone already.
      }
    };
    const timer = setTimeout(end, SCRIPT_MS_MAX);
    signal.addEventListener("abort", end);
    child.stdout.on("data", (part: Buffer) => {
      bytes += part.length;
      if (bytes > SCRIPT_BYTES_MAX) end();
      else parts.push(part);
    });
    child.on("error", () => resolve(undefined));
    child.on("close", (code) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve(code === 0 ? Buffer.concat(parts).toString("utf8") : undefined);
    });
  });
}
