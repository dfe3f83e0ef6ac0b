/** Limits and the environment of every process that we start. */

/** Units: bytes. What is kept of the beginning of one output stream. */
export const OUTPUT_HEAD_BYTES_MAX = 256 * 1024;

/** Units: bytes. What is kept of its end, when the beginning did not hold it. */
export const OUTPUT_TAIL_BYTES_MAX = 4 * 1024;

/** Units: bytes. A process that prints more than this in one stream is ended. */
export const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

/** Units: ms from TERM to KILL. */
export const KILL_GRACE_MS = 1_000;

/** Units: ms from KILL until we stop waiting for a process that the kernel does not let go. */
export const UNKILLABLE_MS = 1_000;

/** Units: ms from a process's end until pipes that a stranger still holds are closed on our side. */
export const DRAIN_MS = 200;

/** Units: ms. How long a look at the file system may take. */
export const LOOK_UP_MS = 2_000;

/** Where executables are looked for, by us and by what we start. */
export const EXEC_FOLDERS: readonly string[] = [
  "/usr/local/sbin",
  "/usr/local/bin",
  "/usr/sbin",
  "/usr/bin",
  "/sbin",
  "/bin",
];

/**
 * The whole environment. Nothing of ours is handed down: under `PCMK_service` agents give up their
 * time limits, and what is in our environment would be readable in theirs.
 */
export const EXEC_ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: EXEC_FOLDERS.join(":"),
  LANG: "C",
  LC_ALL: "C",
  HOME: "/",
};
