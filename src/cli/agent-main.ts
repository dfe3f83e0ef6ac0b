/**
 * Entry of `bouncer agent NAME …`, and of links to `bouncer` that have the name of an agent. A cluster
 * may call it often: it loads what an agent needs, and nothing else.
 */
import { runAgent } from "./commands/agent.ts";
import { EXIT } from "./exit-codes.ts";
import { lastResort } from "./fail.ts";
import { openWorld } from "./world.ts";

function dieWithOneLine(error: unknown): void {
  process.stderr.write(`bouncer: ${lastResort(error)}\n`, () => process.exit(EXIT.internal));
}

process.stdout.on("error", () => process.exit(EXIT.failed)); // Nobody can be told what became of it.
process.stderr.on("error", () => {});
process.on("uncaughtException", dieWithOneLine);
process.on("unhandledRejection", dieWithOneLine);

function noDaemon(): never {
  throw new Error("an agent does not talk to the daemon");
}

const ctx = openWorld({
  connect: noDaemon,
  connectConsole: noDaemon,
  demo: async () => EXIT.usage,
  lookAt: async () => ({}),
  run: async () => undefined,
  openLocks: async () => noDaemon(),
});
process.exitCode = await runAgent(process.argv.slice(2), ctx);
process.stdout.write("", () => process.stderr.write("", () => process.exit()));
