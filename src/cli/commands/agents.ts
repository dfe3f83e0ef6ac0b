import { accessSync, constants } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { BUILTIN_NAMES } from "../../agents/frame/builtin.ts";
import { EXIT } from "../exit-codes.ts";
import { type JsonOption, printJson, type Shell } from "../session.ts";

/** Where the executables of fence-agents are. */
const FOLDERS: readonly string[] = [
  "/usr/sbin",
  "/sbin",
  "/usr/local/sbin",
  "/usr/bin",
  "/bin",
  "/usr/local/bin",
];

export function addAgents(program: Command, shell: Shell): void {
  program
    .command("agents")
    .description("fence agents that are built in")
    .option("--json", "for scripts")
    .action((options: JsonOption) => {
      const rows = BUILTIN_NAMES.map((name) => ({
        name,
        builtin: true,
        executable: executableOf(name) ?? null,
      }));
      if (options.json) printJson(shell.ctx, { agents: rows });
      else {
        const width = Math.max(...rows.map(({ name }) => name.length));
        for (const { name, executable } of rows) {
          const other = executable === null ? "no executable of this name" : `also installed: ${executable}`;
          shell.ctx.out(`${name.padEnd(width)}  built in; ${other}\n`);
        }
      }
      shell.finish(EXIT.ok);
    });
}

function executableOf(name: string): string | undefined {
  return FOLDERS.map((folder) => join(folder, name)).find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false; // Not here: look further.
    }
  });
}
