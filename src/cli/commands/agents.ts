import type { Command } from "commander";
import { BUILTIN_NAMES } from "../../agents/frame/builtin.ts";
import type { AgentReport } from "../../api/agents.ts";
import type { CliContext } from "../context.ts";
import { EXIT } from "../exit-codes.ts";
import { lines, table } from "../format/text.ts";
import { type JsonOption, printJson, type Session, type Shell } from "../session.ts";

interface AgentsOptions extends JsonOption {
  readonly builtin?: true;
}

export function addAgents(program: Command, shell: Shell): void {
  program
    .command("agents")
    .description("which fence agents are used here, and why")
    .option("--builtin", "the names of all that are built in instead")
    .option("--json", "for scripts")
    .addHelpText(
      "after",
      "\nExit code: 0, or 1 when an agent of the configuration cannot be used on this node.",
    )
    .action(async (options: AgentsOptions, command: Command) =>
      shell.finish(
        options.builtin === true
          ? listBuiltin(shell.ctx, options)
          : await agents(shell.open(command), options),
      ),
    );
}

/** Needs no daemon. */
function listBuiltin(ctx: CliContext, options: JsonOption): number {
  if (options.json === true) printJson(ctx, { builtin: BUILTIN_NAMES });
  else ctx.out(lines(BUILTIN_NAMES));
  return EXIT.ok;
}

async function agents({ ctx, client, call }: Session, options: JsonOption): Promise<number> {
  const used = (await client.agents({}, call)).agents;
  if (options.json === true) printJson(ctx, { agents: used });
  else ctx.out(lines(usedLines(used, ctx)));
  return used.some((one) => one.used === "none") ? EXIT.failed : EXIT.ok;
}

const WORDS = { builtin: "built in", executable: "executable", none: "NONE" } as const;

function usedLines(used: readonly AgentReport[], { paint }: CliContext): readonly string[] {
  if (used.length === 0) return ["The configuration uses no fence agent."];
  const rows = used.map((one) => [
    one.agent,
    { text: WORDS[one.used], paint: one.used === "none" ? paint.bad : paint.good },
    one.devices.join(", "),
    one.why,
  ]);
  return table(["AGENT", "USED", "DEVICES", "WHY"], rows, { paint });
}
