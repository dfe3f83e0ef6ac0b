import type { Command } from "commander";
import { parseToken } from "../options.ts";
import type { Shell } from "../session.ts";
import type { CoverageCommandOptions } from "../trial/coverage.ts";

export function addCoverage(program: Command, shell: Shell): void {
  program
    .command("coverage")
    .description("which failures end by themselves, and which freeze storage until a person acts")
    .option("--config <file>", "another cluster.conf than the one in use here")
    .option("--single", "single faults only: quicker for large clusters")
    .option("--token <ms>", "Corosync's token, when cluster.conf does not name it", parseToken)
    .option("--strict", "exit 1 when a single fault freezes storage")
    .option("--json", "every fault with its outcome, as JSON")
    .addHelpText(
      "after",
      "\nPlays every single and double fault on the configuration, with the daemon's own decisions in\n" +
        "virtual time. No daemon is needed and no device is touched.\n\nExamples:\n" +
        "  bouncer coverage\n  bouncer coverage --config cluster.conf.new --strict",
    )
    .action(async (options: CoverageCommandOptions) => {
      const { coverage } = await import("../trial/coverage.ts");
      shell.finish(await coverage(shell.ctx, options));
    });
}
