/** Runs one of our commands as an administrator on a node would: against that node's daemon. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { CommandResult } from "../stories/stage.ts";
import { HOME_DIRECTORY } from "./layout.ts";

/** Units: ms. A story's command that takes longer hangs. */
const TOOL_MS_MAX = 120_000;

/** The path of `fence_tool`, `bouncer` and so on; undefined for anything else. */
export function toolPath(name: string): string | undefined {
  const path = join(HOME_DIRECTORY, name);
  return /^(bouncer|fence_\w+|cman_tool)$/.test(name) && existsSync(path) ? path : undefined;
}

export async function runTool(
  socket: string,
  [name = "", ...args]: readonly string[],
  input = "",
): Promise<CommandResult> {
  const path = toolPath(name);
  if (path === undefined) throw new Error(`${name} is no command of ours`);
  const env = { ...process.env, BOUNCER_SOCKET: socket };
  const child = spawn(path, args, { env, stdio: "pipe", timeout: TOOL_MS_MAX, killSignal: "SIGKILL" });
  child.stdin.on("error", () => {}); // It may not want its input.
  child.stdin.end(input);
  const ended = new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? -1));
  });
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}
