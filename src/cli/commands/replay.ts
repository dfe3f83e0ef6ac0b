import type { Command } from "commander";
import type { Shell } from "../session.ts";
import type { ReplayCommandOptions } from "../trial/replay.ts";

export function addReplay(program: Command, shell: Shell): void {
  program
    .command("replay")
    .description("run flight records through this version's core: does it decide the same?")
    .argument("[files...]", "flight-*.ndjson; without one: what the daemon of this node holds now")
    .option("--decisions", "what is only said does not count: for records of other versions")
    .option("--json", "the first difference of each record, as JSON")
    .addHelpText(
      "after",
      "\nExit code: 0 the same effects at every input, 1 at least one differs (the first is named), 2 no\n" +
        "flight record.\n\nExamples:\n  bouncer replay /var/lib/bouncer/flight-*.ndjson\n  bouncer replay",
    )
    .action(async (files: readonly string[], options: ReplayCommandOptions, command: Command) => {
      const { replay } = await import("../trial/replay.ts");
      shell.finish(await replay(shell.open(command), files, options));
    });
}
