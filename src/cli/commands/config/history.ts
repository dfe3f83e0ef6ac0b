import type { Command } from "commander";
import { CONFIG_HISTORY_LIMIT_DEFAULT, CONFIG_HISTORY_LIMIT_MAX } from "../../../api/config.ts";
import { EXIT } from "../../exit-codes.ts";
import { formatConfigHistory } from "../../format/config-life.ts";
import { parseWhole } from "../../options.ts";
import { type JsonOption, printJson, type Session, type Shell } from "../../session.ts";

interface Options extends JsonOption {
  readonly limit: number;
}

export function addConfigHistory(group: Command, shell: Shell): void {
  group
    .command("history")
    .description("configurations that were in force, the newest first: since when, by whom, why")
    .option("--limit <n>", "how many", parseLimit, CONFIG_HISTORY_LIMIT_DEFAULT)
    .option("--json", "the same as JSON")
    .action(async (options: Options, command: Command) =>
      shell.finish(await history(shell.open(command), options)),
    );
}

function parseLimit(text: string): number {
  return parseWhole(text, 1, CONFIG_HISTORY_LIMIT_MAX);
}

async function history({ ctx, client, call }: Session, options: Options): Promise<number> {
  const reply = await client.configHistory({ limit: options.limit }, call);
  if (options.json) printJson(ctx, reply);
  else ctx.out(formatConfigHistory(reply.versions, ctx));
  return EXIT.ok;
}
