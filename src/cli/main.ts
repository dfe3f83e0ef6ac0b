/** Entry of `bouncer` and of the old names: wires the world, runs one command, exits with its code. */

import { openUnixTransport } from "../adapters/http/unix-client.ts";
import { type ConsoleClient, createClient, createConsoleClient } from "../api/client.ts";
import { shellSocketOf } from "../api/console.ts";
import type { CliContext } from "./context.ts";
import { EXIT } from "./exit-codes.ts";
import { lastResort } from "./fail.ts";
import { openWorld } from "./world.ts";

type Tool = (argv: readonly string[], ctx: CliContext) => Promise<number>;

/** Loaded when called: the old tools do not pay for the new ones. */
const TOOLS: Readonly<Record<string, () => Promise<Tool>>> = {
  bouncer: async () => (await import("./program.ts")).runBouncer,
  fence_tool: async () => (await import("./compat/fence-tool.ts")).runFenceTool,
  fence_node: async () => (await import("./compat/fence-node.ts")).runFenceNode,
  fence_ack_manual: async () => (await import("./compat/fence-ack-manual.ts")).runFenceAckManual,
  fence_check: async () => (await import("./compat/fence-check.ts")).runFenceCheck,
  cman_tool: async () => (await import("./compat/cman-tool.ts")).runCmanTool,
  ccs_tool: async () => (await import("./compat/ccs-tool.ts")).runCcsTool,
  ccs_config_dump: async () => (await import("./compat/ccs-config-dump.ts")).runCcsConfigDump,
  ccs_config_validate: async () => (await import("./compat/ccs-config-validate.ts")).runCcsConfigValidate,
};

const [tool = "", ...argv] = process.argv.slice(2);

function consoleBeside(daemonSocketPath: string): ConsoleClient {
  return createConsoleClient(openUnixTransport(shellSocketOf(daemonSocketPath)));
}

function dieQuietly(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") process.exit(EXIT.ok); // Whoever read this has read enough.
  throw error;
}

function dieWithOneLine(error: unknown): void {
  process.stderr.write(`${tool}: ${lastResort(error)}\n`, () => process.exit(EXIT.internal));
}

process.stdout.on("error", dieQuietly);
process.stderr.on("error", dieQuietly);
process.on("uncaughtException", dieWithOneLine);
process.on("unhandledRejection", dieWithOneLine);

const ctx = openWorld({
  connect: (socketPath) => createClient(openUnixTransport(socketPath)),
  connectConsole: (daemonSocketPath) => consoleBeside(daemonSocketPath),
  demo: async (words) => {
    const { runDemoCommand } = await import("../demo/cli.ts");
    return runDemoCommand(words);
  },
  openLocks: async (path, owner, cluster) =>
    (await import("../adapters/locks/client.ts")).openLocks(path, owner, cluster),
  lookAt: async (questions) => (await import("./node-facts.ts")).lookAtNode(questions),
  run: async (name, args) => (await import("./node-facts.ts")).runTool(name, args),
});

const load = TOOLS[tool];
if (load === undefined) {
  process.stderr.write(`bouncer: no tool is called "${tool}"; the launcher in this directory is damaged\n`);
  process.exitCode = EXIT.internal;
} else {
  const run = await load();
  process.exitCode = await run(argv, ctx);
  // Whatever is still open (a wait that nobody needs any more) must not keep the process.
  process.stdout.write("", () => process.stderr.write("", () => process.exit()));
}
