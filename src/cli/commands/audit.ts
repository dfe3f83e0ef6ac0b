/** `bouncer audit`: who changed what through the web console of this node. */
import type { Command } from "commander";
import { AUDIT_LIMIT_MAX, type AuditRecord } from "../../api/console.ts";
import { consoleOf } from "../console-client.ts";
import { EXIT } from "../exit-codes.ts";
import { table } from "../format/text.ts";
import { formatInstant } from "../format/time.ts";
import { parseWhole } from "../options.ts";
import { type JsonOption, printJson, type Shell } from "../session.ts";

const LIMIT_DEFAULT = 50;

export function addAudit(program: Command, shell: Shell): void {
  program
    .command("audit")
    .description("who changed what through the web console of this node, newest first")
    .option("--limit <n>", "records", (text) => parseWhole(text, 1, AUDIT_LIMIT_MAX), LIMIT_DEFAULT)
    .option("--json", "the answer as JSON")
    .action(async (options: JsonOption & { readonly limit: number }, command: Command) => {
      const { ctx } = shell;
      const { client, call } = consoleOf(shell, command);
      const reply = await client.audit({ limit: options.limit }, call);
      if (options.json === true) printJson(ctx, reply);
      else {
        const rows = reply.records.map((one) => [
          formatInstant(one.at),
          one.who,
          one.from,
          one.what,
          aboutWhat(one),
          one.code ?? one.result ?? "under way",
        ]);
        ctx.out(`${table(["WHEN", "WHO", "FROM", "WHAT", "WITH", "RESULT"], rows, ctx).join("\n")}\n`);
      }
      shell.finish(EXIT.ok);
    });
}

function aboutWhat({ args }: AuditRecord): string {
  const { by: _, ...rest } = args;
  return Object.entries(rest)
    .map(([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(" ")
    .slice(0, 80);
}
