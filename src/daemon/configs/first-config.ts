/** What a daemon begins with: the configuration that was in force here last, or the file on its disk. */
import { ACTIVATED_BYTES_MAX } from "../../config/config-version.ts";
import { CONFIG_BYTES_MAX } from "../../config/limits.ts";
import type { ConfigName } from "../../core/configuration/stamp.ts";
import { OperationError } from "../../core/errors.ts";
import type { DurableState } from "../../core/ledger.ts";
import type { Journal } from "../../ports/journal.ts";
import { type LoadedConfig, readConfigFile } from "../config-file.ts";
import type { TextStore } from "./text-store.ts";

export interface FirstFile {
  readonly name: ConfigName;
  readonly loaded: LoadedConfig;
}

export const NO_FILE: ConfigName = { version: 0, digest: "" };

/** Errors: as `readConfigFile` and `readConfig`, with the file's path; `CFG_TOO_LARGE`. */
export async function readFirstFile(path: string, texts: TextStore): Promise<FirstFile> {
  const bytes = await readConfigFile(path);
  if (bytes.length > ACTIVATED_BYTES_MAX && bytes.length <= CONFIG_BYTES_MAX) {
    const detail = `${path} has ${bytes.length} bytes, the limit is ${ACTIVATED_BYTES_MAX}`;
    throw new OperationError("CFG_TOO_LARGE", detail);
  }
  const digest = texts.put(bytes);
  const loaded = await texts.read(digest, path);
  return { name: { version: loaded.config.version, digest }, loaded };
}

/**
 * The configuration of the newest epoch on this disk, with what it may go back to. Undefined where there
 * is none, or where this daemon cannot read it any more: then the file serves until others are there.
 */
export async function readDurable(
  { epoch }: DurableState,
  journal: Pick<Journal, "configText">,
  texts: TextStore,
): Promise<{ readonly loaded?: LoadedConfig; readonly holds: readonly string[] }> {
  const names = [epoch.config.confirm?.back, epoch.config].flatMap((one) =>
    one === undefined ? [] : [one.digest],
  );
  const holds: string[] = [];
  for (const digest of names) {
    const bytes = digest === "" ? undefined : await journal.configText(digest);
    if (bytes !== undefined && texts.put(bytes) === digest) holds.push(digest);
  }
  if (!holds.includes(epoch.config.digest)) return { holds };
  const loaded = await texts.read(epoch.config.digest).catch(() => undefined);
  return { holds, ...(loaded === undefined ? {} : { loaded }) };
}
