import type { Command } from "commander";
import type { CorosyncConfOptions } from "../corosync/conf.ts";
import type { Shell } from "../session.ts";

export function addCorosyncConf(program: Command, shell: Shell): void {
  program
    .command("corosync-conf")
    .description("the corosync.conf that belongs to cluster.conf: print, write or compare it")
    .option("--config <file>", "another cluster.conf than the one in use here")
    .option("--write <file>", "write it there; what was there stays beside it as .old")
    .option("--diff [file]", "which differences to the one in force matter; without FILE: the running one")
    .option("--json", "keys, notes and differences as JSON")
    .addHelpText(
      "after",
      "\nExit code: 0; with --diff 1 when a difference matters.\n\nExamples:\n" +
        "  bouncer corosync-conf --diff\n  bouncer corosync-conf --write /etc/corosync/corosync.conf",
    )
    .action(async (options: CorosyncConfOptions) => {
      const { corosyncConf } = await import("../corosync/conf.ts");
      shell.finish(await corosyncConf(shell.ctx, options));
    });
}
