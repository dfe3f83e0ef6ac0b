import type { Command } from "commander";
import type { VolumesReply } from "../../api/volumes.ts";
import { formatVolumes } from "../format/volumes.ts";
import { type JsonOption, printJson, type Session, type Shell } from "../session.ts";

export function addLvm(program: Command, shell: Shell): void {
  const lvm = program.command("lvm").description("LVM's shared volume groups");
  lvm
    .command("status")
    .description("volume groups, who has which volume, what is in use here")
    .argument("[group]", "only this volume group")
    .option("--json", "as JSON")
    .action(async (group: string | undefined, options: JsonOption, command: Command) =>
      status(shell.open(command), group, options),
    );
}

async function status({ ctx, client, call }: Session, group: string | undefined, options: JsonOption) {
  const all = await client.volumes({}, call);
  const reply: VolumesReply = {
    ...all,
    groups: all.groups.filter((one) => group === undefined || one.name === group),
    ...(all.mapped === undefined
      ? {}
      : { mapped: all.mapped.filter((one) => group === undefined || one.group === group) }),
  };
  if (options.json === true) printJson(ctx, reply);
  else ctx.out(formatVolumes(reply, ctx.wall(), group));
}
