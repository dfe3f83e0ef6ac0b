/** `bouncer console`: a one-time link into the web console, for whoever has a shell on this node. */
import type { Command } from "commander";
import { Role } from "../../api/access.ts";
import { consoleOf, parseRole } from "../console-client.ts";
import { EXIT } from "../exit-codes.ts";
import { parseWhole } from "../options.ts";
import { type JsonOption, printJson, type Shell } from "../session.ts";

interface LinkOptions extends JsonOption {
  readonly role: Role;
  readonly minutes: number;
}

const MINUTES_MAX = 1_440;

export function addConsole(program: Command, shell: Shell): void {
  program
    .command("console")
    .description("make a one-time link into the web console of this node")
    .option("--role <role>", `${Role.options.join(", ")}`, parseRole, "admin")
    .option("--minutes <n>", "how long it waits to be used", (text) => parseWhole(text, 1, MINUTES_MAX), 5)
    .option("--json", "the answer as JSON")
    .addHelpText("after", "\nExamples:\n  bouncer console\n  bouncer console --role viewer --minutes 60")
    .action(async (options: LinkOptions, command: Command) => {
      const { ctx } = shell;
      const { client, call } = consoleOf(shell, command);
      const { role, minutes } = options;
      const reply = await client.link({ role, seconds: minutes * 60, by: ctx.user }, call);
      if (options.json === true) printJson(ctx, reply);
      else ctx.out(`${reply.url}\n`);
      if (options.json !== true && ctx.watched) {
        ctx.err(
          ctx.paint.dim(`works once, for ${minutes} min, as ${reply.role}; treat it like a password\n`),
        );
      }
      shell.finish(EXIT.ok);
    });
}
