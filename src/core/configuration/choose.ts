/**
 * Which configuration counts after a view change: what the base's epoch says, corrected by what disks
 * know. Computed from the hellos, so that everybody finds the same. Source: docs/protocol-config.md.
 */
import type { Ledger } from "../ledger.ts";
import type { Hello } from "../messages.ts";
import { CONFIG_NONE, type ConfigName, type ConfigStamp } from "./stamp.ts";

type Hellos = ReadonlyMap<string, Hello>;

type Ranked = ConfigName & Pick<Partial<ConfigStamp>, "confirm">;

/** A higher version, or the same one confirmed. */
export function isAbove(a: Ranked, b: Ranked): boolean {
  if (a.version !== b.version) return a.version > b.version;
  return a.digest === b.digest && a.confirm === undefined && b.confirm !== undefined;
}

function highest<T extends Ranked>(items: readonly T[]): T | undefined {
  return items.reduce<T | undefined>(
    (best, item) => (best === undefined || isAbove(item, best) ? item : best),
    undefined,
  );
}

function isHeld(digest: string, hellos: Hellos): boolean {
  return [...hellos.values()].some((hello) => hello.holds.includes(digest));
}

/** In the order of keys as sorted text: the same on every node. */
function sorted(hellos: Hellos): readonly Hello[] {
  return [...hellos].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, hello]) => hello);
}

/** No disk knows an epoch: the newest file of those present, then the first. */
function chooseFile(hellos: Hellos): ConfigStamp {
  const files = sorted(hellos).map((hello) => hello.file);
  const best = highest(files.filter((file) => file.digest !== "" && isHeld(file.digest, hellos)));
  return best === undefined ? CONFIG_NONE : { ...CONFIG_NONE, version: best.version, digest: best.digest };
}

/**
 * Nothing was established in this run: the records of the newest number tell. Of two different ones the
 * newer version may have been in force, and every member had agreed to it.
 */
function chooseDurable(base: Ledger, hellos: Hellos): ConfigStamp {
  const records = sorted(hellos).map((hello) => hello.durable);
  const newest = records.filter((record) => record.n > 0 && record.n >= base.epoch.n);
  const n = Math.max(0, ...newest.map((record) => record.n));
  const known = newest.filter((record) => record.n === n).map((record) => record.config);
  const old = base.epoch.n >= n && base.epoch.n > 0 ? [base.epoch.config] : [];
  const best = highest([...known, ...old].filter((one) => isHeld(one.digest, hellos)));
  return best === undefined || best.digest === "" ? chooseFile(hellos) : best;
}

/** A newer epoch than the base's is on a disk: what it brought may have been in force. */
function findCarried(base: Ledger, hellos: Hellos): ConfigStamp | undefined {
  const newer = sorted(hellos)
    .map((hello) => hello.durable)
    .filter((record) => record.n > base.epoch.n)
    .map((record) => record.config);
  const known = base.configs.carried === undefined ? [] : [base.configs.carried];
  const better = [...known, ...newer].filter((one) => isAbove(one, base.epoch.config));
  return highest(better.filter((one) => isHeld(one.digest, hellos)));
}

/** The base ledger with the configuration that counts. A wish dies with the ring it was uttered in. */
export function chooseConfig(base: Ledger, hellos: Hellos): Ledger {
  const { wish: _wish, carried: _carried, ...rest } = base.configs;
  const lastVersion = Math.max(rest.lastVersion, ...[...hellos.values()].map((hello) => hello.lastVersion));
  if (!base.established) {
    const config = chooseDurable(base, hellos);
    const raised = Math.max(lastVersion, config.version);
    return { ...base, epoch: { ...base.epoch, config }, configs: { ...rest, lastVersion: raised } };
  }
  const carried = findCarried(base, hellos);
  return {
    ...base,
    configs: { ...rest, lastVersion, ...(carried === undefined ? {} : { carried }) },
  };
}
