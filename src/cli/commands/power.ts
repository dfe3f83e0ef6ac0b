import type { Command } from "commander";
import { EXIT } from "../exit-codes.ts";
import { formatCheck } from "../format/check.ts";
import { nodeNamed } from "../nearest.ts";
import { type JsonOption, printJson, type Session, type Shell } from "../session.ts";

export function addPower(program: Command, shell: Shell): void {
  program
    .command("power")
    .description("read the power of a node from its fence devices")
    .argument("<node>", "its name in cluster.conf")
    .option("--json", "the answer of every device as JSON")
    .addHelpText(
      "after",
      "\nExit code: 0 read (on or off), 1 not known.\n\nExamples:\n  bouncer power tpve02",
    )
    .action(async (name: string, options: JsonOption, command: Command) =>
      shell.finish(await power(shell.open(command), name, options)),
    );
}

async function power({ ctx, client, call }: Session, name: string, options: JsonOption): Promise<number> {
  const status = await client.status({}, call);
  nodeNamed(status, name);
  const reply = await client.power({ name }, call);
  const known = reply.power !== "unknown";
  if (options.json === true) printJson(ctx, reply);
  else if (known) ctx.out(`${name} is ${reply.power}.\n`);
  else {
    ctx.out(`${name}: power not known. Treat it as on.\n`);
    const checks = [{ node: name, devices: reply.devices }];
    const nothingSeen = { node: status.node, intervalMs: 0, nodes: [] };
    ctx.out(`\n${formatCheck(status.node, checks, nothingSeen, ctx)}`);
  }
  return known ? EXIT.ok : EXIT.failed;
}
