import type { Command } from "commander";
import { stageAndActivate } from "../../config-life.ts";
import type { JsonOption, Session, Shell } from "../../session.ts";
import {
  type ActivationOptions,
  activationOf,
  parseVersion,
  told,
  withActivationOptions,
} from "./activate.ts";

export function addConfigRollback(group: Command, shell: Shell): void {
  withActivationOptions(
    group
      .command("rollback")
      .description("bring an old configuration back, as a new version")
      .argument("<version>", "its number: bouncer config history", parseVersion),
  )
    .addHelpText(
      "after",
      "\nIt is staged, looked at by every member and activated, as any other.\n\nExample: bouncer config rollback 7",
    )
    .action(async (version: number, options: ActivationOptions & JsonOption, command: Command) =>
      shell.finish(await run(shell.open(command), version, options)),
    );
}

async function run(session: Session, version: number, options: ActivationOptions): Promise<number> {
  const comment = options.comment ?? `back to version ${version}`;
  const activation = activationOf({ ...options, comment });
  const reply = await stageAndActivate(session, { of: `${version}` }, activation);
  return told(session, reply, options);
}
