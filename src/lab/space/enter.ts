/** Command lines that begin inside namespaces which another process holds. */

export type Namespace = "mount" | "net" | "pid" | "uts" | "ipc";

const ALL: readonly Namespace[] = ["mount", "uts", "ipc", "net", "pid"];

/** Prefix of a command line that runs inside the namespaces of `pid` (as the host counts it). */
export function entering(pid: number, namespaces: readonly Namespace[] = ALL): readonly string[] {
  return ["nsenter", "--target", String(pid), ...namespaces.map((name) => `--${name}`), "--"];
}

/** Prefix of a command line that runs in fresh namespaces, as their first process. */
export function unsharing(namespaces: readonly Namespace[]): readonly string[] {
  const flags = namespaces.map((name) => `--${name}`);
  // --kill-child: what we start must not outlive us, however we end.
  const own = namespaces.includes("pid") ? ["--fork", "--kill-child=SIGKILL"] : [];
  const quiet = namespaces.includes("mount") ? ["--propagation", "private"] : [];
  return ["unshare", ...flags, ...own, ...quiet, "--"];
}

/** Prefix that has the kernel end the command when its parent ends. */
export const TIED: readonly string[] = ["setpriv", "--pdeathsig", "KILL", "--"];

/** Quotes a word for a POSIX shell. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
