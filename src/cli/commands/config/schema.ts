import type { Command } from "commander";
import { formatRelaxNg } from "../../../config/relaxng.ts";
import { EXIT } from "../../exit-codes.ts";
import type { Shell } from "../../session.ts";

export function addConfigSchema(group: Command, shell: Shell): void {
  group
    .command("schema")
    .description("print the RelaxNG schema of cluster.conf, for editors")
    .addHelpText("after", "\nExample:\n  bouncer config schema > cluster.rng")
    .action(() => {
      shell.ctx.out(formatRelaxNg());
      shell.finish(EXIT.ok);
    });
}
