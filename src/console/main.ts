/**
 * The console's process. bouncerd starts it and holds its standard input: when that closes, bouncerd is
 * gone, and so is this. A process of its own, so that whatever comes over the network takes neither
 * memory nor time from the daemon, and cannot end it.
 */
import { writeFileSync } from "node:fs";
import { setPriority } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { OperationError } from "../core/errors.ts";
import { openConsole } from "./console.ts";
import { ConsoleOptions } from "./options.ts";
import { createSay } from "./say.ts";

/** After the daemon in everything. Units: nice, and points of the kernel's memory killer. */
const NICE = 5;
const MEMORY_KILLER_POINTS = 300;
/** Units: ms. The console before this one may need a moment to leave the port. */
const PORT_WAIT_MS = 500;
const PORT_TRIES = 20;

const say = createSay((line) => process.stdout.write(line));

function stepBack(): void {
  try {
    setPriority(NICE);
    writeFileSync("/proc/self/oom_score_adj", String(MEMORY_KILLER_POINTS));
  } catch {
    // A container may forbid it: then both are equal.
  }
}

async function open(options: ConsoleOptions) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await openConsole(options, say);
    } catch (error) {
      const isBusy = error instanceof OperationError && ["DMN_SOCKET", "DMN_RUNNING"].includes(error.code);
      if (!isBusy || attempt === PORT_TRIES) throw error;
      await sleep(PORT_WAIT_MS);
    }
  }
}

process.on("SIGPIPE", () => {});
process.stdout.on("error", () => process.exit(0));
process.stdin
  .on("end", () => process.exit(0))
  .on("error", () => process.exit(0))
  .resume();
process.on("SIGINT", () => {}); // Ctrl-C in a terminal is for bouncerd, which then lets go of us.

try {
  stepBack();
  const options = ConsoleOptions.parse(JSON.parse(process.argv[2] ?? ""));
  const { origin, close } = await open(options);
  process.on("SIGTERM", () => void close().finally(() => process.exit(0)));
  say("info", "console-ready", `the console listens on ${origin}`);
} catch (error) {
  say("error", "console-refused", (error as Error).message);
  process.exit(1);
}
