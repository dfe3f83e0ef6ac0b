import type { Command } from "commander";
import type { DiffOptions } from "../../config-diff.ts";
import type { Shell } from "../../session.ts";

export function addConfigDiff(group: Command, shell: Shell): void {
  group
    .command("diff")
    .description("what changes between two configurations, by meaning and by lines")
    .argument("<file1>", "the older one; alone: compared with the one in use here")
    .argument("[file2]", "the newer one; - for standard input")
    .option("--json", "changes and consequences as JSON")
    .option("--exit-code", "exit 1 when they mean something else")
    .option("--no-text", "only the meaning, not the lines")
    .addHelpText(
      "after",
      "\nMarks: !! cannot be changed while the cluster runs, ! look twice, + safer than before, - other.\n\n" +
        "Examples:\n  bouncer config diff /etc/cluster/cluster.conf.new\n  bouncer config diff old.conf new.conf",
    )
    .action(async (first: string, second: string | undefined, options: DiffOptions) => {
      const { diffFiles } = await import("../../config-diff.ts");
      shell.finish(await diffFiles(shell.ctx, first, second, options));
    });
}
