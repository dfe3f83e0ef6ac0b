/** `FENCE_JOIN` of the files that the old init scripts sourced. */
import { readFileSync } from "node:fs";

export const DEFAULTS_FILES = ["/etc/default/redhat-cluster-pve", "/etc/default/bouncer"] as const;

/**
 * Whether the shell that sources `text` would set FENCE_JOIN to something that joins: the last
 * assignment counts, only the exact word `no` disables, empty or absent is Proxmox VE's default,
 * no. Source: cman init script, FENCE_JOIN.
 */
export function wantsJoin(text: string): boolean | undefined {
  let answer: boolean | undefined;
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*(?:export\s+)?FENCE_JOIN=(?:"([^"]*)"|'([^']*)'|([^\s#;"']*))\s*(?:[#;].*)?$/.exec(
      line,
    );
    if (match === null) continue;
    const value = match[1] ?? match[2] ?? match[3] ?? "";
    answer = value !== "" && value !== "no";
  }
  return answer;
}

/** The later file wins over the earlier one. A file that cannot be read says nothing. */
export function readJoinDefault(paths: readonly string[] = DEFAULTS_FILES): boolean {
  let join = false;
  for (const path of paths) {
    try {
      join = wantsJoin(readFileSync(path, "utf8")) ?? join;
    } catch {
      // Absent on most machines.
    }
  }
  return join;
}
