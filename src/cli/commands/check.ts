import type { Command } from "commander";
import { EXIT } from "../exit-codes.ts";
import { anyFailed, formatCheck, type NodeCheck } from "../format/check.ts";
import { nodeNamed } from "../nearest.ts";
import { type JsonOption, printJson, progress, type Session, type Shell } from "../session.ts";

/** Nodes whose devices are asked at the same time. */
const CHECKS_AT_ONCE = 4;

export function addCheck(program: Command, shell: Shell): void {
  program
    .command("check")
    .description("test every fence device from here; cuts nothing")
    .argument("[node]", "only the devices of this node")
    .option("--json", "the results as JSON")
    .addHelpText(
      "after",
      "\nExit code: 0 all answered, 1 at least one did not.\n\nExamples:\n  bouncer check\n  bouncer check tpve02",
    )
    .action(async (name: string | undefined, options: JsonOption, command: Command) =>
      shell.finish(await check(shell.open(command), name, options)),
    );
}

async function check(session: Session, name: string | undefined, options: JsonOption): Promise<number> {
  const { ctx, client, call } = session;
  const status = await client.status({}, call);
  const nodes = name === undefined ? status.nodes : [nodeNamed(status, name)];
  const checks: NodeCheck[] = [];
  for (let first = 0; first < nodes.length; first += CHECKS_AT_ONCE) {
    const some = nodes.slice(first, first + CHECKS_AT_ONCE).map((node) => node.name);
    progress(ctx, `asking the devices of ${some.join(", ")} …`);
    const asked = some.map(async (node) => ({
      node,
      devices: (await client.check({ name: node }, call)).devices,
    }));
    checks.push(...(await Promise.all(asked)));
  }
  if (options.json === true) printJson(ctx, { from: status.node, checks });
  else ctx.out(formatCheck(status.node, checks, ctx));
  return anyFailed(checks) ? EXIT.failed : EXIT.ok;
}
