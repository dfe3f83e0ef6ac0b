import type { Command } from "commander";
import type { Shell } from "../session.ts";

export function addDemo(program: Command, shell: Shell): void {
  program
    .command("demo")
    .description("make trouble in the running demo: cut, crash, hang, split, run …")
    .argument("[words...]", "what to do, and to which node")
    .helpOption(false)
    .allowUnknownOption()
    .addHelpText("after", "\nExamples:\n  bouncer demo cut tpve02\n  bouncer demo status")
    .action(async (words: string[]) => shell.finish(await shell.ctx.demo(words)));
}
