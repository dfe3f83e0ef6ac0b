/** A shared volume group in a story: its commands, and what is really written on the device. */
import { allOpen, claim, succeed } from "../acts.ts";
import type { CommandResult, Stage } from "../stage.ts";

export const GROUP = "san0";
/** Units: KiB. */
const EXTENT = "128k";
/** Every command speaks of what a kernel without device-mapper, and a lab, cannot do. */
const EXPECTED_WARNINGS =
  /^ *WARNING: (?:Activation disabled|This metadata update is NOT|Logical volume \S+ not zeroed)/;

/** What a command complained about, beside what every command says here. */
export function complaints({ stderr }: CommandResult): readonly string[] {
  return stderr.split("\n").filter((line) => line.trim() !== "" && !EXPECTED_WARNINGS.test(line));
}

/** Makes the group on the first of the hosts, and starts it on the others. */
export async function startGroup(stage: Stage, hosts: readonly string[] = stage.nodes): Promise<void> {
  const [first = "", ...others] = hosts;
  claim(stage.device !== undefined, "the stage has no shared block device");
  await allOpen(stage);
  await succeed(stage, first, ["vgcreate", "-qq", "--shared", "-s", EXTENT, GROUP, stage.device ?? ""]);
  for (const host of others) await succeed(stage, host, ["vgchange", "-qq", "--lockstart", GROUP]);
}

/** Without mapping, zeroing and wiping, for which device-mapper would be needed. */
export function createVolume(stage: Stage, host: string, name: string, ...more: readonly string[]) {
  return succeed(stage, host, ["lvcreate", "-qq", "-Zn", "-Wn", "-l1", "-n", name, ...more, GROUP]);
}

export interface Volume {
  readonly name: string;
  readonly extents: number;
}

interface Segment {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** `lvs` with `lv_name,seg_pe_ranges`: one segment per line, `name|/dev/loop0:3-4`. */
function parseSegments(text: string): readonly Segment[] {
  return text.split("\n").flatMap((line) => {
    const found = /^\s*([^|\s]+)\|.*:(\d+)-(\d+)\s*$/.exec(line);
    return found === null ? [] : [{ name: found[1] ?? "", from: Number(found[2]), to: Number(found[3]) }];
  });
}

/** What is wrong with the group as this host reads it; empty: it is whole, and holds what is expected. */
export async function findDamage(
  stage: Stage,
  host: string,
  expected: readonly Volume[],
  /** Names that may be there, or not. */
  possible: ReadonlySet<string> = new Set(),
): Promise<readonly string[]> {
  const check = await stage.run(host, ["vgck", GROUP]);
  const list = await stage.run(host, [
    "lvs",
    "--noheadings",
    "--separator",
    "|",
    "-o",
    "lv_name,seg_pe_ranges",
    GROUP,
  ]);
  const problems = [check, list].flatMap((result) => [
    ...(result.code === 0 ? [] : [`exit code ${result.code} on ${host}`]),
    ...complaints(result),
  ]);
  const segments = parseSegments(list.stdout);
  const found = new Map<string, number>();
  for (const { name, from, to } of segments) found.set(name, (found.get(name) ?? 0) + to - from + 1);
  const wanted = new Map(expected.map(({ name, extents }) => [name, extents]));
  for (const [name, extents] of wanted) {
    const real = found.get(name);
    if (real !== extents) problems.push(`${name} has ${real ?? "no"} extents instead of ${extents}`);
  }
  for (const name of found.keys())
    if (!wanted.has(name) && !possible.has(name)) problems.push(`${name} should not be there`);
  return [...problems, ...findOverlaps(segments)];
}

/** Two volumes on one extent write over one another. */
export function findOverlaps(segments: readonly Segment[]): readonly string[] {
  const sorted = [...segments].sort((a, b) => a.from - b.from);
  return sorted.flatMap((one, index) => {
    const next = sorted[index + 1];
    return next !== undefined && next.from <= one.to
      ? [`${one.name} and ${next.name} share extent ${next.from}`]
      : [];
  });
}
