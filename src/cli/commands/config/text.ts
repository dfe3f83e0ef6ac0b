import type { Command } from "commander";
import { EXIT } from "../../exit-codes.ts";
import { type JsonOption, printJson, type Session, type Shell } from "../../session.ts";

export function addConfigText(group: Command, shell: Shell): void {
  group
    .command("text")
    .description("the text of a configuration as its author wrote it; passwords are masked")
    .argument("[version]", "a number, in-force, staged, file or new", "in-force")
    .option("--json", "the text with its version and digest as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  bouncer config text\n  bouncer config text 7\n  bouncer config text staged",
    )
    .action(async (of: string, options: JsonOption, command: Command) =>
      shell.finish(await text(shell.open(command), of, options)),
    );
}

async function text({ ctx, client, call }: Session, of: string, options: JsonOption): Promise<number> {
  const reply = await client.configText({ of }, call);
  if (options.json) printJson(ctx, reply);
  else ctx.out(reply.text.endsWith("\n") ? reply.text : `${reply.text}\n`);
  return EXIT.ok;
}
