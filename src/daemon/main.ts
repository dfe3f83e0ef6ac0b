/** `bouncerd`: the command line in, one clear sentence and an exit code out when it cannot start. */
import { writeSync } from "node:fs";
import { flushCompileCache } from "node:module";
import { ERRORS, OperationError } from "../core/errors.ts";
import { parseOptions, USAGE } from "./options.ts";
import { VERSION } from "./version.ts";

// Agents, the configuration's and the log's file systems may each hold a thread of the pool for ever.
process.env["UV_THREADPOOL_SIZE"] ??= "16";

try {
  const parsed = parseOptions(process.argv.slice(2));
  if (parsed.type === "help") process.stdout.write(USAGE);
  else if (parsed.type === "version") process.stdout.write(`bouncerd ${VERSION}\n`);
  else {
    const { startDaemon } = await import("./daemon.ts");
    await startDaemon(parsed.options);
    flushCompileCache();
  }
} catch (error) {
  const known = error instanceof OperationError ? error : undefined;
  const text = known?.message.replace(/\n? \(([A-Z_]+)\)$/, "") ?? `a bug: ${(error as Error).stack}`;
  const code = known?.code ?? "API_INTERNAL";
  writeSync(2, `bouncerd: ${text.trimEnd()}\n${ERRORS[code].hint} (${code})\n`);
  process.exit(ERRORS[code].exit);
}
