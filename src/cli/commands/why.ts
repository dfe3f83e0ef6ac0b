import type { Command } from "commander";
import { EXIT } from "../exit-codes.ts";
import { formatWhy } from "../format/why.ts";
import { type JsonOption, printJson, type Session, type Shell } from "../session.ts";

export function addWhy(program: Command, shell: Shell): void {
  program
    .command("why")
    .description("why storage is held, and what would end it")
    .option("--json", "the causes as JSON")
    .addHelpText("after", "\nExamples:\n  bouncer why\n  bouncer why --json | jq '.why[].endsWhen'")
    .action(async (options: JsonOption, command: Command) =>
      shell.finish(await why(shell.open(command), options)),
    );
}

async function why({ ctx, client, call }: Session, options: JsonOption): Promise<number> {
  const reply = await client.why({}, call);
  if (options.json === true) printJson(ctx, reply);
  else ctx.out(formatWhy(reply, ctx));
  return EXIT.ok;
}
