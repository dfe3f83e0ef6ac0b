/** `confirm` and `discard`: the end of an activation, and of what never became one. */
import type { Command } from "commander";
import { EXIT } from "../../exit-codes.ts";
import { type JsonOption, printJson, type Session, type Shell } from "../../session.ts";

export function addConfigConfirm(group: Command, shell: Shell): void {
  group
    .command("confirm")
    .description("keep the configuration that would go back by itself")
    .option("--json", "what came of it as JSON")
    .action(async (options: JsonOption, command: Command) =>
      shell.finish(await confirm(shell.open(command), options)),
    );
}

async function confirm({ ctx, client, call }: Session, options: JsonOption): Promise<number> {
  const reply = await client.configConfirm({ by: ctx.user }, call);
  if (options.json) printJson(ctx, reply);
  else ctx.out(`Version ${reply.version} stays.\n`);
  return EXIT.ok;
}

export function addConfigDiscard(group: Command, shell: Shell): void {
  group
    .command("discard")
    .description("forget what is staged")
    .option("--json", "what came of it as JSON")
    .action(async (options: JsonOption, command: Command) =>
      shell.finish(await discard(shell.open(command), options)),
    );
}

async function discard({ ctx, client, call }: Session, options: JsonOption): Promise<number> {
  const reply = await client.configDiscard({ by: ctx.user }, call);
  if (options.json) printJson(ctx, reply);
  else ctx.out(`Nothing is staged any more; version ${reply.version} is in force.\n`);
  return EXIT.ok;
}
