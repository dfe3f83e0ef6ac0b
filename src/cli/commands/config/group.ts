/** `bouncer config …`: everything about `cluster.conf`, a file each. */
import type { Command } from "commander";
import type { Shell } from "../../session.ts";
import { addConfigDiff } from "./diff.ts";
import { addConfigSchema } from "./schema.ts";
import { addConfigShow } from "./show.ts";
import { addConfigValidate } from "./validate.ts";

const ADD = [addConfigShow, addConfigValidate, addConfigDiff, addConfigSchema];

export function addConfig(program: Command, shell: Shell): void {
  const group = program
    .command("config")
    .description("read, check and compare cluster.conf")
    .addHelpText("after", "\nStart with: bouncer config validate");
  for (const add of ADD) add(group, shell);
}
