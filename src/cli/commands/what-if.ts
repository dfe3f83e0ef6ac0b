import { type Command, InvalidArgumentError } from "commander";
import { parseToken } from "../options.ts";
import type { Shell } from "../session.ts";
import type { WhatIfCommandOptions } from "../trial/what-if.ts";

/** `--lose a,b --lose c` are three nodes. */
function more(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...text.split(",").filter((word) => word !== "")];
}

export function addWhatIf(program: Command, shell: Shell): void {
  program
    .command("what-if")
    .description("what would happen to this cluster: play faults on its configuration")
    .option("--config <file>", "another cluster.conf than the one in use here")
    .option("--lose <nodes>", "these fall silent at once, and may still be writing", more)
    .option("--power-cut <nodes>", "these lose their power, and their own controllers with it", more)
    .option("--device-down <devices>", "these fence devices do not answer", more)
    .option("--daemon-down <nodes>", "bouncerd dies there and does not come back", more)
    .option("--disk-hang <nodes>", "the state directories of these hang", more)
    .option("--fence <nodes>", "a person has these cut off while all is well", more)
    .option("--away <nodes>", "these have left and are off before anything happens", more)
    .option("--cut <parts>", "the network breaks into parts: tpve01,tpve02/tpve03", parseCut)
    .option("--token <ms>", "Corosync's token, when cluster.conf does not name it", parseToken)
    .option("--all", "also how the members find out: views, notes, quorums")
    .option("--strict", "exit 1 when storage freezes until a person acts")
    .option("--json", "the story and its outcome as JSON")
    .addHelpText(
      "after",
      "\nNodes that --cut does not name stay with the first part. No daemon is needed and no device is\n" +
        "touched.\n\nExamples:\n  bouncer what-if --lose tpve02\n" +
        "  bouncer what-if --lose tpve02 --device-down ilo-02\n  bouncer what-if --cut tpve01,tpve02/tpve03",
    )
    .action(async (options: WhatIfCommandOptions) => {
      const { play } = await import("../trial/what-if.ts");
      shell.finish(await play(shell.ctx, options));
    });
}

function parseCut(text: string): readonly (readonly string[])[] {
  const parts = text.split("/").map((part) => part.split(",").filter((word) => word !== ""));
  if (parts.length > 1 && parts.every((part) => part.length > 0)) return parts;
  throw new InvalidArgumentError("It must be parts with a / between, for example tpve01,tpve02/tpve03.");
}
