/** `bouncer token …`: what programs prove themselves with at the API. */
import type { Command } from "commander";
import { ROLES, type Role } from "../../api/access.ts";
import { TOKEN_DAYS_MAX } from "../../api/console.ts";
import { consoleOf, parseRole } from "../console-client.ts";
import { EXIT } from "../exit-codes.ts";
import { table } from "../format/text.ts";
import { formatInstant } from "../format/time.ts";
import { parseWhole } from "../options.ts";
import { type JsonOption, printJson, type Shell } from "../session.ts";

interface AddOptions extends JsonOption {
  readonly role: Role;
  readonly days: number;
  readonly routes?: string;
}

const DAYS_DEFAULT = 90;

export function addToken(program: Command, shell: Shell): void {
  const { ctx } = shell;
  const by = ctx.user;
  const token = program
    .command("token")
    .description("tokens of programs at this node's API: add, list, revoke")
    .addHelpText("after", "\nExamples:\n  bouncer token add monitoring --days 365\n  bouncer token list");

  token
    .command("add")
    .description("make a token; prints it this once")
    .argument("<name>", "what it is for")
    .option("--role <role>", ROLES.join(", "), parseRole, "viewer")
    .option("--days <n>", "until it ends", (text) => parseWhole(text, 1, TOKEN_DAYS_MAX), DAYS_DEFAULT)
    .option("--routes <names>", "only these routes, separated by commas (see docs/api.md)")
    .option("--json", "the answer as JSON")
    .action(async (name: string, { role, days, routes, json }: AddOptions, command: Command) => {
      const { client, call } = consoleOf(shell, command);
      const scope = routes === undefined ? {} : { routes: routes.split(",") };
      const reply = await client.tokenAdd({ name, role, days, by, ...scope }, call);
      if (json === true) printJson(ctx, reply);
      else ctx.out(`${reply.secret}\n`);
      shell.finish(EXIT.ok);
    });

  token
    .command("list")
    .description("tokens that are known")
    .option("--json", "the answer as JSON")
    .action(async (options: JsonOption, command: Command) => {
      const { client, call } = consoleOf(shell, command);
      const { tokens } = await client.tokens({}, call);
      if (options.json === true) printJson(ctx, { tokens });
      else {
        const rows = tokens.map((one) => [
          one.id,
          one.name,
          one.role,
          one.routes?.join(",") ?? "all",
          formatInstant(one.expiresAt),
          one.lastUsedAt === undefined ? "never" : formatInstant(one.lastUsedAt),
        ]);
        ctx.out(`${table(["ID", "NAME", "ROLE", "ROUTES", "ENDS", "LAST USED"], rows, ctx).join("\n")}\n`);
      }
      shell.finish(EXIT.ok);
    });

  token
    .command("revoke")
    .description("a token that counts no more from now on")
    .argument("<id>", "as in the list")
    .action(async (id: string, _: unknown, command: Command) => {
      const { client, call } = consoleOf(shell, command);
      await client.tokenRevoke({ id, by }, call);
      ctx.out(`${id} is revoked\n`);
      shell.finish(EXIT.ok);
    });
}
