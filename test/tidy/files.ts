/** The files of the checkout, as the checks want them. Paths are relative to its root, with slashes. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Tracked files and new ones that git would not ignore. Sorted. */
export function repositoryFiles(): string[] {
  const options = { cwd: ROOT, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 } as const;
  const listed = execFileSync("git", ["ls-files", "-z", "-co", "--exclude-standard"], options);
  const names = new Set(listed.split("\0").filter((name) => name !== "" && existsSync(join(ROOT, name))));
  return [...names].sort();
}

export function readRepositoryFile(name: string): string {
  return readFileSync(join(ROOT, name), "utf8");
}

/** Path → text of all files whose path the pattern matches. */
export function readMatching(pattern: RegExp): Map<string, string> {
  const names = repositoryFiles().filter((name) => pattern.test(name));
  return new Map(names.map((name) => [name, readRepositoryFile(name)]));
}

export const SOURCES = /^src\/.*\.ts$/;
export const PROGRAM = /^src\/.*(?<!\.test)\.ts$/;
