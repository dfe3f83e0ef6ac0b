import { type Command, Option } from "commander";
import type { ImportOptions } from "../import-config.ts";
import type { Shell } from "../session.ts";

export function addImport(program: Command, shell: Shell): void {
  program
    .command("import")
    .description("make a cluster.conf of another tool's fencing, and list what has no equivalent")
    .argument("<file>", "the CIB (cibadmin --query), dlm.conf or fence.cfg; - for standard input")
    .addOption(
      new Option("--from <format>", "what the file is")
        .choices(["pacemaker", "dlm", "fence.cfg"])
        .makeOptionMandatory(),
    )
    .option("--name <name>", "name of the cluster, when the file does not say it")
    .option("--corosync-conf <file>", "take names, ids and votes of the nodes from there")
    .option("--out <file>", "write it there, with passwords, mode 0600")
    .option("--json", "text, notes and problems as JSON")
    .addHelpText(
      "after",
      "\nExit code: 0 it can be used, 6 it needs your hand first.\n\nExamples:\n" +
        "  cibadmin --query | bouncer import --from pacemaker - --out cluster.conf\n" +
        "  bouncer import --from dlm /etc/dlm/dlm.conf --corosync-conf /etc/corosync/corosync.conf",
    )
    .action(async (file: string, options: ImportOptions) => {
      const { importConfig } = await import("../import-config.ts");
      shell.finish(await importConfig(shell.ctx, file, options));
    });
}
