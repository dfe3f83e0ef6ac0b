/** What a damaged page may have left of a record: checked before it is believed. */
import { CONFIG_NONE, type ConfigStamp } from "../../core/configuration/stamp.ts";
import type { EpochRecord, Incident } from "../../core/ledger.ts";
import { CorruptJournal } from "./damage.ts";

export function parseEpochRecord(text: string): EpochRecord {
  const value = JSON.parse(text) as Partial<EpochRecord>;
  // A record from before configurations were kept with the epochs names none.
  const config = value.config === undefined ? CONFIG_NONE : parseConfigStamp(value.config);
  const sound =
    isCount(value.n) &&
    isCount(value.proposer) &&
    isListOf(
      value.members,
      (m) => isCount(m.node) && typeof m.boot === "string" && typeof m.start === "string",
    ) &&
    isListOf(value.departed, (d) => isCount(d.node) && isCount(d.epoch));
  if (!sound) throw new CorruptJournal("the epoch record makes no sense");
  return { ...(value as EpochRecord), config };
}

export function parseConfigStamp(value: unknown): ConfigStamp {
  const stamp = (value ?? {}) as Partial<ConfigStamp>;
  const { confirm } = stamp;
  const sound =
    isCount(stamp.version) &&
    typeof stamp.digest === "string" &&
    typeof stamp.by === "string" &&
    typeof stamp.comment === "string" &&
    isCount(stamp.at) &&
    (confirm === undefined ||
      (isCount(confirm.withinMs) && isCount(confirm.until) && typeof confirm.back?.digest === "string"));
  if (!sound) throw new CorruptJournal("the record of a configuration makes no sense");
  return stamp as ConfigStamp;
}

export function parseIncident(text: string): Incident {
  const value = JSON.parse(text) as Partial<Incident>;
  const sound =
    isCount(value.seq) &&
    isCount(value.node) &&
    typeof value.hash === "string" &&
    typeof value.previousHash === "string" &&
    isListOf(value.steps, (step) => typeof step.text === "string") &&
    isListOf(value.evidence, (evidence) => typeof evidence.source === "string");
  if (!sound) throw new CorruptJournal("an incident makes no sense");
  return value as Incident;
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isListOf<T>(list: readonly T[] | undefined, sound: (item: T) => boolean): boolean {
  return (
    Array.isArray(list) && list.every((item) => item !== null && typeof item === "object" && sound(item))
  );
}
