/** Short-lived programs: run to the end, with a time limit and a cap on what they may print. */
import { spawn } from "node:child_process";

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly input?: string;
  /** Units: ms. */
  readonly timeoutMs?: number;
  readonly env?: NodeJS.ProcessEnv;
}

const COMMAND_TIMEOUT_MS = 20_000;
/** Units: characters per stream; what comes after is dropped. */
const OUTPUT_MAX = 1_000_000;
/** What a shell reports for a program that a signal ended. */
const CODE_OF_SIGNALLED = 128 + 9;

/** Errors: rejects only when the program cannot be started; its failure is a code. */
export function runCommand(argv: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const [file, ...args] = argv;
  if (file === undefined) throw new Error("nothing to run");
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      detached: true, // Signals of the terminal are for the controller alone.
      env: options.env ?? process.env,
      stdio: ["pipe", "pipe", "pipe"],
      timeout: options.timeoutMs ?? COMMAND_TIMEOUT_MS,
      killSignal: "SIGKILL",
    });
    const output = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].setEncoding("utf8").on("data", (chunk: string) => {
        if (output[stream].length < OUTPUT_MAX) output[stream] += chunk;
      });
    }
    child.stdin.on("error", () => {}); // It ended without reading everything: its code tells.
    child.stdin.end(options.input ?? "");
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? CODE_OF_SIGNALLED, ...output }));
  });
}
