import type { Command } from "commander";
import { OperationError } from "../../../core/errors.ts";
import { EXIT } from "../../exit-codes.ts";
import { formatConfig } from "../../format/config.ts";
import { type JsonOption, printJson, type Shell } from "../../session.ts";

export function addConfigShow(group: Command, shell: Shell): void {
  group
    .command("show")
    .description("what Bouncer understands of a cluster.conf: who is fenced how, and the waits")
    .argument("[file]", "without it: the one in use here; - for standard input")
    .option("--json", "the same as JSON; no password is in it")
    .addHelpText("after", "\nExamples:\n  bouncer config show\n  bouncer config show --json my.conf")
    .action(async (file: string | undefined, options: JsonOption) =>
      shell.finish(await show(shell, file, options)),
    );
}

async function show({ ctx }: Shell, file: string | undefined, options: JsonOption): Promise<number> {
  const { readConfig } = await import("../../read-config.ts");
  const { path, parsed } = await readConfig(ctx, file, { lookAtNode: false });
  const { config, parameters, logging, totem, foreign, keyfile } = parsed;
  if (config === undefined || parameters === undefined) {
    throw new OperationError("CFG_INVALID", `${path} cannot be used; see: bouncer config validate ${path}`);
  }
  if (options.json) {
    const kept = { logging, totem, foreign, ...(keyfile === undefined ? {} : { keyfile }) };
    printJson(ctx, { ...config, ...kept, devices: parameters.all });
  } else ctx.out(formatConfig(config, ctx));
  return EXIT.ok;
}
