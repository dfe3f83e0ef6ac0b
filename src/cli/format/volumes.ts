/** `bouncer lvm status`: each volume group, where it is started, who has which volume, who waits. */
import type { VolumesReply } from "../../api/volumes.ts";
import type { WallMillis } from "../../core/ids.ts";
import { clean } from "./text.ts";
import { formatAge } from "./time.ts";

type Group = VolumesReply["groups"][number];

export function formatVolumes(reply: VolumesReply, now: WallMillis, asked: string | undefined): string {
  const { groups, node } = reply;
  const parts = groups.map((group) => formatGroup(group, reply, now));
  if (parts.length === 0)
    parts.push(
      asked === undefined
        ? "No volume group is started.\n"
        : `Volume group ${clean(asked)} is started nowhere.\n`,
    );
  if (!reply.answers) parts.push(`bouncerd on ${clean(node)} does not answer LVM (see bouncerd --lvm).\n`);
  if (reply.mapped === undefined)
    parts.push(`What is active on ${clean(node)} is not known: device-mapper does not tell.\n`);
  return parts.join("\n");
}

function formatGroup(group: Group, { mapped = [], node }: VolumesReply, now: WallMillis): string {
  const here = new Map(mapped.filter((one) => one.group === group.name).map((one) => [one.uuid, one]));
  const width = Math.max(0, ...group.volumes.map(({ name }) => clean(name).length));
  const volumes = group.volumes.flatMap(({ name, uuid, holders }) => {
    const one = here.get(uuid);
    here.delete(uuid);
    return holders.map((holder) => {
      const active = holder.node === node && one !== undefined ? `, ${useOf(one)} here` : "";
      return `  ${clean(name).padEnd(width)}  ${holder.mode}  ${clean(holder.node)}, ${formatAge(now - holder.since)}${active}\n`;
    });
  });
  const loose = [...here.values()].map(
    (one) => `  ${clean(one.volume)}  ${useOf(one)} here WITHOUT A LOCK\n`,
  );
  const commands = group.commands.map(
    ({ node: where, owner, mode }) => `  metadata  ${mode}  ${clean(where)}, ${clean(owner)}\n`,
  );
  const waiting = group.waiting.map(
    (one) =>
      `  waits  ${clean(one.node)}, ${clean(one.owner)}, ${formatAge(now - one.since)}\n      ${clean(one.why)}\n`,
  );
  const where = group.started.length === 0 ? "nowhere" : group.started.map(clean).join(", ");
  const none = volumes.length + loose.length === 0 ? ["  no volume is active\n"] : [];
  const uuid = group.uuid === "" ? "" : ` ${clean(group.uuid)}`;
  return [
    `volume group ${clean(group.name)}${uuid}, started on ${where}\n`,
    ...none,
    ...volumes,
    ...loose,
    ...commands,
    ...waiting,
  ].join("");
}

function useOf({ open, suspended }: NonNullable<VolumesReply["mapped"]>[number]): string {
  const state = suspended ? "suspended" : "active";
  return open === 0 ? state : `${state}, open ${open} time${open === 1 ? "" : "s"}`;
}
