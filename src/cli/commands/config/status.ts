import type { Command } from "commander";
import { EXIT } from "../../exit-codes.ts";
import { formatConfigStatus } from "../../format/config-life.ts";
import { type JsonOption, printJson, type Session, type Shell } from "../../session.ts";

export function addConfigStatus(group: Command, shell: Shell): void {
  group
    .command("status")
    .description("which configuration is in force, what is staged, what each member says of it")
    .option("--json", "the same as JSON")
    .action(async (options: JsonOption, command: Command) =>
      shell.finish(await status(shell.open(command), options)),
    );
}

async function status({ ctx, client, call }: Session, options: JsonOption): Promise<number> {
  const reply = await client.config({}, call);
  if (options.json) printJson(ctx, reply);
  else ctx.out(formatConfigStatus(reply, ctx));
  return EXIT.ok;
}
