/** `bouncer config …`: everything about `cluster.conf`, a file each. */
import type { Command } from "commander";
import type { Shell } from "../../session.ts";
import { addConfigActivate } from "./activate.ts";
import { addConfigDiff } from "./diff.ts";
import { addConfigHistory } from "./history.ts";
import { addConfigRollback } from "./rollback.ts";
import { addConfigSchema } from "./schema.ts";
import { addConfigConfirm, addConfigDiscard } from "./settle.ts";
import { addConfigShow } from "./show.ts";
import { addConfigStage } from "./stage.ts";
import { addConfigStatus } from "./status.ts";
import { addConfigText } from "./text.ts";
import { addConfigValidate } from "./validate.ts";

const ADD = [
  addConfigStatus,
  addConfigShow,
  addConfigText,
  addConfigValidate,
  addConfigDiff,
  addConfigStage,
  addConfigActivate,
  addConfigConfirm,
  addConfigDiscard,
  addConfigHistory,
  addConfigRollback,
  addConfigSchema,
];

export function addConfig(program: Command, shell: Shell): void {
  const group = program
    .command("config")
    .description("read, check, compare and activate cluster.conf")
    .addHelpText("after", "\nStart with: bouncer config status");
  for (const add of ADD) add(group, shell);
}
