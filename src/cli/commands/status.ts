import type { Command } from "commander";
import { EXIT } from "../exit-codes.ts";
import { formatStatus } from "../format/status.ts";
import { type JsonOption, printJson, type Session, type Shell } from "../session.ts";

export function addStatus(program: Command, shell: Shell): void {
  program
    .command("status")
    .description("is my storage writable; nodes, victims, storage")
    .option("--json", "the whole status as JSON")
    .addHelpText("after", "\nExamples:\n  bouncer status\n  bouncer status --json | jq .verdict")
    .action(async (options: JsonOption, command: Command) =>
      shell.finish(await status(shell.open(command), options)),
    );
}

async function status({ ctx, client, call }: Session, options: JsonOption): Promise<number> {
  const view = await client.status({}, call);
  if (options.json === true) printJson(ctx, view);
  else ctx.out(formatStatus(view, ctx));
  return EXIT.ok;
}
