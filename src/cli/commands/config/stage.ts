import type { Command } from "commander";
import { ERRORS } from "../../../core/errors.ts";
import { sourceOf, stage } from "../../config-life.ts";
import { EXIT } from "../../exit-codes.ts";
import { formatReports, formatVerdict } from "../../format/config-life.ts";
import { lines, wrap } from "../../format/text.ts";
import { type JsonOption, printJson, type Session, type Shell } from "../../session.ts";

interface Options extends JsonOption {
  readonly comment?: string;
  readonly replace?: true;
}

export function addConfigStage(group: Command, shell: Shell): void {
  group
    .command("stage")
    .description("give a configuration to every member, to be looked at there; nothing changes yet")
    .argument("[file]", "without it: cluster.conf.new beside the daemon's cluster.conf; - for standard input")
    .option("--comment <text>", "why, for the history")
    .option("--replace", "take the place of what somebody else has staged")
    .option("--json", "what every member says as JSON")
    .addHelpText(
      "after",
      "\nconfig_version is raised for you, unless you did. Each member reads the text, looks whether its agents and\n" +
        "scripts are there, and asks the devices whose settings are new for their status.\n" +
        "\nExit code: 0 every member agrees, 5 one has not answered, 6 one refuses it.\n" +
        "\nExamples:\n  bouncer config stage my.conf\n  bouncer config stage && bouncer config activate --confirm-within 5m",
    )
    .action(async (file: string | undefined, options: Options, command: Command) =>
      shell.finish(await run(shell.open(command), file, options)),
    );
}

async function run(session: Session, file: string | undefined, options: Options): Promise<number> {
  const { ctx } = session;
  const { comment = "", replace = false } = options;
  const { staged, raised, warnings } = await stage(session, sourceOf(ctx, file), { comment, replace });
  if (options.json) printJson(ctx, { ...staged, raised, warnings });
  else {
    const head = `Staged version ${staged.version}${raised ? " (raised for you)" : ""}:`;
    const notes = warnings.flatMap((text) => wrap(text, ctx.columns));
    const verdict = wrap(formatVerdict(staged), ctx.columns);
    ctx.out(lines([...notes, head, ...formatReports(staged, ctx.paint, ctx.columns), ...verdict]));
  }
  if (staged.reports.some((report) => !report.ok)) return ERRORS.CFG_REJECTED.exit;
  return staged.missing.length > 0 ? ERRORS.DOM_WAIT_TIMEOUT.exit : EXIT.ok;
}
