import type { Command } from "commander";
import type { ReadinessReply } from "../../api/readiness.ts";
import { EXIT } from "../exit-codes.ts";
import { anyFailed, formatCheck } from "../format/check.ts";
import { anyAlarm, type NodeCheck } from "../format/readiness.ts";
import { nodeNamed } from "../nearest.ts";
import { type JsonOption, printJson, progress, type Session, type Shell } from "../session.ts";

/** Nodes whose devices are asked at the same time. */
const CHECKS_AT_ONCE = 4;

export function addCheck(program: Command, shell: Shell): void {
  program
    .command("check")
    .description("would fencing work: asks every fence device, cuts nothing")
    .argument("[node]", "only the devices of this node")
    .option("--json", "the results as JSON")
    .addHelpText(
      "after",
      "\nAsks from here, and shows what the other members saw at their last look, whose device each is" +
        "\nby what it says of itself, and how long it would take to fence each node.\n" +
        "\nExit code: 0 all is well, 1 a device did not answer here or elsewhere, or is another machine's." +
        "\n\nExamples:\n  bouncer check\n  bouncer check tpve02",
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
  const seen: ReadinessReply = await client.readiness({}, call);
  if (options.json === true) {
    const wanted = new Set(nodes.map((node) => node.name));
    const readiness = { ...seen, nodes: seen.nodes.filter(({ node }) => wanted.has(node)) };
    printJson(ctx, { from: status.node, checks, readiness });
  } else ctx.out(formatCheck(status.node, checks, seen, ctx));
  return anyFailed(checks) || anyAlarm(seen, checks) ? EXIT.failed : EXIT.ok;
}
