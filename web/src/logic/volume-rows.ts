/** LVM's shared volumes as rows for the page: whoever waits comes first. Pure. */
import type { VolumesReply } from "../../../src/api/volumes.ts";

type Group = VolumesReply["groups"][number];
type Volume = Group["volumes"][number];
type Holder = Volume["holders"][number];

export interface VolumeRow {
  /** `group/volume`, or the group alone where a command waits for it. */
  readonly name: string;
  readonly holders: readonly Holder[];
  /** Where it is in use: opened on the node that was asked. */
  readonly open: boolean;
  readonly waits?: {
    readonly node: string;
    readonly owner: string;
    readonly since: number;
    readonly why: string;
  };
}

export function volumeRows({ groups, mapped = [] }: VolumesReply): readonly VolumeRow[] {
  const opened = new Set(mapped.filter(({ open }) => open > 0).map((one) => `${one.group}/${one.volume}`));
  const waiting = groups.flatMap((group) =>
    group.waiting.map((waits): VolumeRow => ({ name: group.name, holders: [], open: false, waits })),
  );
  const held = groups.flatMap((group) =>
    group.volumes.map((volume): VolumeRow => {
      const name = `${group.name}/${volume.name}`;
      return { name, holders: volume.holders, open: opened.has(name) };
    }),
  );
  return [...waiting, ...held];
}
