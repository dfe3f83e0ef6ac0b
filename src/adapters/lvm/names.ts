/** What LVM's things are called among our locks, and how device-mapper names them. */
import { isLockspace } from "../../core/locks/names.ts";

export const GLOBAL_LOCKSPACE = "lvm_global";
export const GLOBAL_LOCK = "GLLK";
export const GROUP_LOCK = "VGLK";
/** Held in NL by every host that has the volume group started. */
export const STARTED = "started";
const PREFIX = "lvm_";
/** Units: characters. Source: core/locks/limits.ts. */
const OWNER_CHARS_MAX = 64;

/** Undefined: no name of a volume group. */
export function lockspaceOf(group: string): string | undefined {
  const lockspace = `${PREFIX}${group}`;
  return group !== "" && lockspace !== GLOBAL_LOCKSPACE && isLockspace(lockspace) ? lockspace : undefined;
}

export function groupOf(lockspace: string): string {
  return lockspace.slice(PREFIX.length);
}

/** `lock_args` of a shared volume group of this cluster. */
export function argsOf(cluster: string): string {
  return `1.0.0:${cluster}`;
}

/** Owner of `started`: tells two groups of one name apart, also after a restart, and on other nodes. */
export function startedBy(uuid: string): string {
  return uuid === "" ? "this host" : `VG ${uuid}`;
}

export function uuidOfStarted(owner: string): string | undefined {
  return /^VG ([\w-]{32,40})$/.exec(owner)?.[1];
}

/** Owner of a volume's lock: the name that it has just now, first, for people. */
export function volumeOwner(volume: string, command: string): string {
  const tail = ` by ${command}`;
  const room = OWNER_CHARS_MAX - tail.length;
  if (room < 16) return volume.slice(0, OWNER_CHARS_MAX);
  return volume.length <= room ? `${volume}${tail}` : `${volume.slice(0, room - 1)}…${tail}`;
}

const UUID_PARTS = [6, 4, 4, 4, 4, 4, 6] as const;

function dashed(uuid: string): string {
  const parts = UUID_PARTS.map((length, index) => {
    const from = UUID_PARTS.slice(0, index).reduce((sum, one) => sum + one, 0);
    return uuid.slice(from, from + length);
  });
  return parts.join("-");
}

/**
 * Of a mapped volume: `LVM-`, 32 characters for the group, 32 for the volume. What a volume is made of
 * (`-real`, `-cow`, `-tpool`, …) has a suffix, and no lock.
 */
export function parseMappedUuid(
  text: string,
): { readonly group: string; readonly volume: string } | undefined {
  const found = /^LVM-(\w{32})(\w{32})$/.exec(text);
  return found === null
    ? undefined
    : { group: dashed(found[1] as string), volume: dashed(found[2] as string) };
}

/** `san0-vm--101--disk--0`: a dash in a name is written twice. */
export function parseMappedName(
  text: string,
): { readonly group: string; readonly volume: string } | undefined {
  const found = /^((?:[^-]|--)+)-((?:[^-]|--)+)$/.exec(text);
  if (found === null) return undefined;
  const plain = (part: string | undefined): string => (part ?? "").replaceAll("--", "-");
  return { group: plain(found[1]), volume: plain(found[2]) };
}
