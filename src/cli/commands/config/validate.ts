import { type Command, Option } from "commander";
import type { ConfigProblem } from "../../../config/problem.ts";
import { ERRORS } from "../../../core/errors.ts";
import { EXIT } from "../../exit-codes.ts";
import { formatFindings } from "../../format/findings.ts";
import { printJson, progress, type Shell } from "../../session.ts";

interface Options {
  readonly json?: true;
  readonly format: "text" | "editor";
  readonly strict?: true;
  readonly fileOnly?: true;
}

export function addConfigValidate(group: Command, shell: Shell): void {
  group
    .command("validate")
    .description("say everything that is wrong with a cluster.conf, and how to correct it")
    .argument("[file]", "without it: the one in use here; - for standard input")
    .option("--json", "the findings as JSON")
    .addOption(
      new Option("--format <form>", "text for people, editor for FILE:LINE:COLUMN: SEVERITY: …")
        .choices(["text", "editor"])
        .default("text"),
    )
    .option("--strict", "warnings count as errors")
    .option("--file-only", "do not look at this node's agents and password scripts")
    .addHelpText(
      "after",
      "\nExit code: 0 it can be used, 6 it cannot (or has warnings, with --strict).\n\nExamples:\n" +
        "  bouncer config validate /etc/cluster/cluster.conf.new\n" +
        "  bouncer config validate --format editor --file-only my.conf",
    )
    .action(async (file: string | undefined, options: Options) =>
      shell.finish(await validate(shell, file, options)),
    );
}

async function validate({ ctx }: Shell, file: string | undefined, options: Options): Promise<number> {
  const { readConfig } = await import("../../read-config.ts");
  progress(ctx, options.fileOnly ? "reading …" : "reading, and asking the agents of this node …");
  const { path, parsed } = await readConfig(ctx, file, { lookAtNode: options.fileOnly !== true });
  const { config, problems } = parsed;
  const isRefused = config === undefined || (options.strict === true && problems.some(isWarning));
  if (options.json === true) {
    printJson(ctx, {
      file: path,
      usable: config !== undefined,
      ...(config === undefined ? {} : { cluster: config.name, version: config.version }),
      ...(parsed.digest === undefined ? {} : { digest: parsed.digest }),
      problems,
    });
  } else ctx.out(formatFindings(path, parsed, { ...ctx, form: options.format }));
  return isRefused ? ERRORS.CFG_INVALID.exit : EXIT.ok;
}

function isWarning({ severity }: ConfigProblem): boolean {
  return severity === "warning";
}
