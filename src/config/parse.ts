/** `cluster.conf`, from bytes to the typed model in one step. */
import { configOf, type ParsedConfig, type ParseOptions } from "./model.ts";
import { readTree } from "./tree.ts";

/** Errors: never throws; whatever is wrong is among the problems. */
export function parseClusterConf(source: string | Uint8Array, options: ParseOptions = {}): ParsedConfig {
  return configOf(readTree(source), options);
}
