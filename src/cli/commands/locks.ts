import type { Command } from "commander";
import type { LocksReply } from "../../api/locks.ts";
import { clean } from "../format/text.ts";
import { formatAge } from "../format/time.ts";
import { type JsonOption, printJson, type Session, type Shell } from "../session.ts";

export function addLocks(program: Command, shell: Shell): void {
  program
    .command("locks")
    .description("who holds which lock, who waits, and why")
    .argument("[name]", "only locks whose lockspace/name holds this text")
    .option("--waiting", "only what somebody waits for")
    .option("--json", "as JSON")
    .action(async (name: string | undefined, options: LocksOptions, command: Command) =>
      locks(shell.open(command), name, options),
    );
}

interface LocksOptions extends JsonOption {
  readonly waiting?: boolean;
}

type Row = LocksReply["resources"][number];

async function locks({ ctx, client, call }: Session, name: string | undefined, options: LocksOptions) {
  const reply = await client.locks({}, call);
  const resources = reply.resources.filter(
    (row) =>
      (name === undefined || `${row.lockspace}/${row.name}`.includes(name)) &&
      (options.waiting !== true || row.locks.some((lock) => lock.wants !== undefined)),
  );
  if (options.json === true) {
    printJson(ctx, { ...reply, resources });
    return;
  }
  if (resources.length === 0) ctx.out(reply.count === 0 ? "No locks.\n" : "No such locks.\n");
  for (const row of resources) ctx.out(formatRow(row, ctx.wall()));
  if (reply.more > 0) ctx.out(`… and ${reply.more} more resources\n`);
}

function formatRow({ lockspace, name, locks }: Row, now: number): string {
  const lines = locks.map(({ node, owner, mode, wants, since, persistent, why }) => {
    const what =
      wants === undefined ? `${mode}` : mode === undefined ? `waits for ${wants}` : `${mode}, wants ${wants}`;
    const host = persistent ? ", of the host" : "";
    const because = why === undefined ? "" : `\n      ${clean(why)}`;
    return `  ${what.padEnd(14)} ${clean(node)}  ${clean(owner)}${host}, ${formatAge(now - since)}${because}\n`;
  });
  return `${clean(lockspace)}/${clean(name)}\n${lines.join("")}`;
}
