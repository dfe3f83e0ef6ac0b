/**
 * {@link Guard} of LVM's volumes: what is mapped here is in use; and of volume groups that are marked in the
 * configuration, I/O is held while the gate is frozen: their mapped volumes are suspended.
 *
 * Order: one freeze or thaw at a time; a thaw that was overtaken by a freeze does nothing.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import type { Guard } from "../../ports/guard.ts";
import type { DeviceMapper, MappedVolume } from "../lvm/device-mapper.ts";

export interface VolumesGuardOptions {
  readonly deviceMapper: DeviceMapper;
  /** Groups whose volumes are shared: LVM has them started here, or they are marked. */
  readonly groups: () => readonly string[];
  /** Groups whose volumes are suspended during a freeze. */
  readonly suspended: () => readonly string[];
  /** `MAJOR:MINOR` of what this host itself runs on: never suspended. */
  readonly ownDevices: () => ReadonlySet<string>;
  /** Where a daemon that starts anew finds what it suspended; gone with the boot. */
  readonly file: string;
  /** Why it is not known what is active; empty: it is. */
  readonly unknown?: () => readonly string[];
}

const label = ({ group, volume }: MappedVolume): string => `${group}/${volume}`;

export function createVolumesGuard(options: VolumesGuardOptions): Guard {
  const { deviceMapper, file } = options;
  let frozen = false;
  let newest = 0;
  let turn: Promise<unknown> = Promise.resolve();
  let own = readOwn(file);

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = turn.then(work);
    turn = mine.catch(() => {});
    return mine;
  }

  function note(next: ReadonlySet<string>): void {
    own = next;
    if (next.size === 0) return rmSync(file, { force: true });
    writeFileSync(`${file}.new`, [...next].map((name) => `${name}\n`).join(""), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }

  /** Idempotent: also what was mapped or resumed by somebody else meanwhile is suspended. */
  async function hold(): Promise<readonly string[]> {
    const marked = new Set(options.suspended());
    if (marked.size === 0) return [];
    const mapped = await deviceMapper.volumes();
    if (mapped === undefined)
      return ["volumes: device-mapper does not tell what is mapped: nothing is suspended"];
    const devices = options.ownDevices();
    const all = mapped.filter(({ group }) => marked.has(group));
    const spared = all.filter(({ device }) => devices.has(device));
    const todo = all.filter(({ device, suspended }) => !devices.has(device) && !suspended);
    const problems = spared.map((one) => `${label(one)} is not suspended: this host runs on it`);
    if (todo.length === 0) return problems;
    note(new Set([...own, ...todo.map((one) => one.mapped)])); // Before: a crash must not leave one behind unknown.
    const said = await deviceMapper.suspend(todo.map((one) => one.mapped));
    const now = await deviceMapper.volumes();
    const running = todo.filter(
      (one) => now?.find((other) => other.mapped === one.mapped)?.suspended === false,
    );
    if (now === undefined) problems.push("volumes: device-mapper does not tell whether they are suspended");
    return [
      ...problems,
      ...running.map((one) => `${label(one)} is not suspended: ${said.join("; ") || "it goes on"}`),
    ];
  }

  /** Only what we suspended ourselves: LVM suspends volumes, too, for a moment. */
  async function release(): Promise<readonly string[]> {
    if (own.size === 0) return [];
    const mapped = await deviceMapper.volumes();
    if (mapped === undefined) return ["volumes: device-mapper does not tell what is suspended"];
    const todo = mapped.filter((one) => own.has(one.mapped) && one.suspended);
    const said = todo.length === 0 ? [] : await deviceMapper.resume(todo.map((one) => one.mapped));
    const now = todo.length === 0 ? mapped : ((await deviceMapper.volumes()) ?? mapped);
    const still = now.filter((one) => own.has(one.mapped) && one.suspended);
    note(new Set(still.map((one) => one.mapped)));
    return still.map(
      (one) => `${label(one)} is still suspended: ${said.join("; ")}; dmsetup resume ${one.mapped}`,
    );
  }

  return {
    name: "volumes",
    freeze() {
      frozen = true;
      newest++;
      return inTurn(hold);
    },
    thaw() {
      frozen = false;
      const mine = ++newest;
      return inTurn(() => (mine === newest ? release() : Promise.resolve([])));
    },
    async inUse() {
      if (frozen) await inTurn(() => (frozen ? hold() : Promise.resolve([])));
      const groups = new Set([...options.groups(), ...options.suspended()]);
      const more = options.unknown?.() ?? [];
      if (groups.size === 0) return more;
      const mapped = await deviceMapper.volumes();
      if (mapped === undefined) return ["volumes: cannot tell (device-mapper does not answer)", ...more];
      const active = mapped.filter(({ group }) => groups.has(group));
      return [...active.map((one) => `volume ${label(one)} is active${openOf(one)}`).sort(), ...more];
    },
  };
}

function openOf({ open }: MappedVolume): string {
  return open === 0 ? "" : `, open ${open} time${open === 1 ? "" : "s"}`;
}

function readOwn(file: string): ReadonlySet<string> {
  try {
    return new Set(
      readFileSync(file, "utf8")
        .split("\n")
        .filter((line) => line !== ""),
    );
  } catch {
    return new Set(); // Nothing was suspended.
  }
}
