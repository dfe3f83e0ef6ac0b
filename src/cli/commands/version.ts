import type { Command } from "commander";
import { EXIT } from "../exit-codes.ts";
import type { Shell } from "../session.ts";

export function addVersion(program: Command, shell: Shell): void {
  program
    .command("version")
    .description("version of this command")
    .action(() => {
      shell.ctx.out(`bouncer ${shell.ctx.version}\n`);
      shell.finish(EXIT.ok);
    });
}
