/**
 * Volumes that are active here although this host has no lock on them: the record of the daemon before is lost,
 * or they were activated before there was one. Their locks are asked for as by any command: what another node
 * has is not taken from it. Once, at the start: later a command may be at work on them.
 */
import { z } from "zod";
import type { Exec } from "../../ports/exec.ts";
import type { DeviceMapper, MappedVolume } from "./device-mapper.ts";
import type { Host } from "./host.ts";
import { argsOf, lockspaceOf, volumeOwner } from "./names.ts";

/** Units: ms. LVM looks at all disks for it. */
const GROUPS_MS = 30_000;
const LVM_FOLDERS = ["/usr/sbin", "/sbin"] as const;
const COMMAND = "an activation before this start";

const Report = z.object({
  report: z
    .array(
      z.object({
        vg: z.array(
          z.object({
            vg_name: z.string(),
            vg_uuid: z.string(),
            vg_lock_type: z.string(),
            vg_lock_args: z.string(),
          }),
        ),
      }),
    )
    .min(1),
});

export interface KnownGroup {
  readonly name: string;
  readonly uuid: string;
  /** Empty: a group of this host alone. */
  readonly lockArgs: string;
}

/** Undefined: LVM does not tell. */
export async function readGroups(
  exec: Pick<Exec, "run" | "find">,
): Promise<readonly KnownGroup[] | undefined> {
  const lvm = await exec.find("lvm", LVM_FOLDERS);
  if (lvm === undefined) return undefined;
  const args = [
    "vgs",
    "--nolocking",
    "--reportformat",
    "json",
    "-o",
    "vg_name,vg_uuid,vg_lock_type,vg_lock_args",
  ];
  const { exitCode, stdout } = await exec.run({ file: lvm.file, args, budgetMs: GROUPS_MS });
  if (exitCode !== 0 || stdout.bytesLost > 0) return undefined;
  const parsed = Report.safeParse(parseJson(stdout.head));
  return parsed.data?.report[0]?.vg.map((vg) => ({
    name: vg.vg_name,
    uuid: vg.vg_uuid,
    lockArgs: vg.vg_lock_type === "dlm" ? vg.vg_lock_args : "",
  }));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export interface ActiveVolumes {
  /** Of groups that belong to this cluster. */
  readonly volumes: readonly (MappedVolume & { readonly lockspace: string; readonly args: string })[];
  /** Why it is not known; then nothing may be taken for unused. */
  readonly problem?: string;
}

export interface FindPorts {
  readonly deviceMapper: Pick<DeviceMapper, "volumes">;
  readonly groups: () => Promise<readonly KnownGroup[] | undefined>;
  readonly cluster: string;
}

/** Never rejects. */
export async function findActive({ deviceMapper, groups, cluster }: FindPorts): Promise<ActiveVolumes> {
  const mapped = await deviceMapper.volumes();
  if (mapped === undefined)
    return { volumes: [], problem: "device-mapper does not tell what is active here" };
  if (mapped.length === 0) return { volumes: [] };
  const known = await groups();
  if (known === undefined) {
    return {
      volumes: [],
      problem: `LVM does not tell whose ${mapped.map((one) => one.mapped).join(", ")} are`,
    };
  }
  const volumes = mapped.flatMap((one) => {
    const group = known.find(({ uuid }) => uuid === one.groupUuid);
    const lockspace = lockspaceOf(one.group);
    if (lockspace === undefined || group?.lockArgs !== argsOf(cluster)) return [];
    return [{ ...one, lockspace, args: group.lockArgs }];
  });
  return { volumes };
}

/** Nobody keeps others off what this host has. */
export interface WithoutLock {
  readonly uuid: string;
  readonly problem: string;
}

export interface RelearnPorts {
  readonly host: Host;
  readonly deviceMapper: Pick<DeviceMapper, "volumes">;
  readonly active: ActiveVolumes;
  readonly say: (line: string) => void;
}

/** Resolves, when every lock is there or is another's, with what is active here without one. */
export async function relearn({
  host,
  deviceMapper,
  active,
  say,
}: RelearnPorts): Promise<readonly WithoutLock[]> {
  const work = active.volumes
    .filter(({ lockspace, uuid }) => !host.locks.has(lockspace, uuid))
    .map((one) => host.turns.take(`${one.lockspace}/${one.uuid}`, () => learn(one)));
  return (await Promise.all(work)).filter((one) => one !== undefined);

  /** For this host alone, or beside others where that is refused. */
  async function learn(one: ActiveVolumes["volumes"][number]): Promise<WithoutLock | undefined> {
    const { lockspace, uuid, args, groupUuid } = one;
    const label = `${one.group}/${one.volume}`;
    if (host.groups.get(lockspace) === undefined) {
      host.groups.start(lockspace, args, groupUuid);
      say(`volume group ${one.group} has active volumes here: it is started`);
    }
    const owner = volumeOwner(one.volume, COMMAND);
    const wish = { lockspace, name: uuid, owner, noQueue: true, persistent: true } as const;
    const taken =
      (await host.locks.take({ ...wish, mode: "EX" }, undefined)) ||
      (await host.locks.take({ ...wish, mode: "PR" }, undefined));
    const now = await deviceMapper.volumes();
    if (now?.some((other) => other.uuid === uuid) === false) {
      await host.locks.drop(lockspace, uuid); // Deactivated meanwhile.
      return undefined;
    }
    if (!taken)
      return { uuid, problem: `volume ${label} is active here without a lock: another node has it` };
    say(`volume ${label} is active here: its lock was learned again, ${host.locks.modeOf(lockspace, uuid)}`);
    return undefined;
  }
}
