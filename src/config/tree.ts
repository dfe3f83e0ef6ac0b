/** `cluster.conf`, from bytes to plain elements: the half of reading it that needs the XML library. */
import { sha256 } from "../core/hash.ts";
import { CONFIG_BYTES_MAX } from "./limits.ts";
import { type ConfigProblem, createProblems } from "./problem.ts";
import { type Element, readXml } from "./xml.ts";

/**
 * Plain data, so that it can come from another thread. Holds whatever secrets the file holds.
 *
 * Shape: `root` is absent when the input is no XML that we read; `problems` then has an error.
 */
export interface ConfigTree {
  readonly root?: Element;
  /** SHA-256 of the bytes, hexadecimal; absent for a file too large to be read. */
  readonly digest?: string;
  /** Errors only, sorted by place; at most PROBLEMS_MAX and one line that says how many more. */
  readonly problems: readonly ConfigProblem[];
}

/** Errors: never throws; whatever is wrong is among the problems. */
export function readTree(source: string | Uint8Array): ConfigTree {
  const problems = createProblems();
  const root = readXml(source, problems);
  return {
    ...(root === undefined ? {} : { root }),
    // Two nodes with one version must have one digest.
    ...(source.length > CONFIG_BYTES_MAX ? {} : { digest: sha256(source) }),
    problems: problems.all(),
  };
}
