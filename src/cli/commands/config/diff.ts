import type { Command } from "commander";
import type { DiffOptions } from "../../config-diff.ts";
import type { Shell } from "../../session.ts";

/** What the daemon has to be asked for; files of these names are written ./7. */
function isVersion(word: string): boolean {
  return /^(?:in-force|staged|[1-9][0-9]{0,14})$/.test(word);
}

export function addConfigDiff(group: Command, shell: Shell): void {
  group
    .command("diff")
    .description("what changes between two configurations, by meaning and by lines")
    .argument("<file1>", "the older one, or the number of a version, in-force, staged; alone: the newer one")
    .argument("[file2]", "the newer one; - for standard input; without it: the one in use here is the older")
    .option("--json", "changes and consequences as JSON")
    .option("--exit-code", "exit 1 when they mean something else")
    .option("--no-text", "only the meaning, not the lines")
    .addHelpText(
      "after",
      "\nMarks: !! cannot be changed while the cluster runs, ! look twice, + safer than before, - other.\n\n" +
        "Examples:\n  bouncer config diff /etc/cluster/cluster.conf.new\n  bouncer config diff old.conf new.conf\n  bouncer config diff 7 8\n  bouncer config diff in-force staged",
    )
    .action(async (first: string, second: string | undefined, options: DiffOptions, command: Command) => {
      if (isVersion(first) || (second !== undefined && isVersion(second))) {
        const { diffVersions } = await import("../../config-versions.ts");
        shell.finish(await diffVersions(shell.open(command), first, second, options));
        return;
      }
      const { diffFiles } = await import("../../config-diff.ts");
      shell.finish(await diffFiles(shell.ctx, first, second, options));
    });
}
