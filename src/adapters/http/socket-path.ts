/** The daemon's socket: never taken from a daemon that lives, never put over something else. */
import { chownSync, lstatSync, mkdirSync, readFileSync, unlinkSync } from "node:fs";
import { connect } from "node:net";
import { dirname } from "node:path";
import { OperationError } from "../../core/errors.ts";
import { type HeldLock, tryLock } from "../system/lock-file.ts";

/** sizeof(sun_path) minus the closing NUL. */
const SOCKET_PATH_BYTES_MAX = 107;
/** Units: ms. Whoever listens on this machine takes a connection at once. */
const CONNECT_MS_MAX = 2_000;
const GROUP_NAME = "bouncer";
/** Read and write for the owner and the group. */
export const SOCKET_UMASK = 0o117;

/**
 * Makes `path` free for `listen`, and holds a lock beside it until closed: two daemons that start
 * at once do not take the path from one another.
 *
 * Errors: `DMN_RUNNING` when a daemon answers there, `DMN_SOCKET` when the path cannot be used.
 */
export async function claimSocketPath(path: string): Promise<HeldLock> {
  if (Buffer.byteLength(path) > SOCKET_PATH_BYTES_MAX) {
    throw new OperationError(
      "DMN_SOCKET",
      `the socket path is longer than ${SOCKET_PATH_BYTES_MAX} bytes: ${path}`,
    );
  }
  let lock: HeldLock | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
    refuseOther(path);
    lock = tryLock(`${path}.lock`);
  } catch (error) {
    throw cannotUse(path, error);
  }
  if (lock === undefined)
    throw new OperationError("DMN_RUNNING", `another bouncerd is using the socket ${path}`);
  try {
    if (await answers(path))
      throw new OperationError("DMN_RUNNING", `another program already listens on ${path}`);
    unlinkIfThere(path);
    return lock;
  } catch (error) {
    lock.close();
    throw cannotUse(path, error);
  }
}

/** Lets the group `bouncer` in, when this machine has one. */
export function giveSocketToGroup(path: string): void {
  const line = readFileSync("/etc/group", "utf8")
    .split("\n")
    .find((entry) => entry.startsWith(`${GROUP_NAME}:`));
  const gid = Number(line?.split(":")[2]);
  if (line === undefined || !Number.isInteger(gid)) return;
  chownSync(path, process.getuid?.() ?? 0, gid);
}

function refuseOther(path: string): void {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat !== undefined && !stat.isSocket()) {
    const what = stat.isDirectory() ? "a directory" : stat.isSymbolicLink() ? "a symbolic link" : "a file";
    throw new OperationError("DMN_SOCKET", `${path} is ${what}, not a socket of bouncerd; it was left alone`);
  }
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    const end = (alive: boolean): void => {
      probe.destroy();
      resolve(alive);
    };
    probe.setTimeout(CONNECT_MS_MAX, () => end(true)); // Somebody is there, however slow.
    probe.on("connect", () => end(true));
    probe.on("error", () => end(false));
  });
}

function unlinkIfThere(path: string): void {
  refuseOther(path);
  if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) unlinkSync(path);
}

function cannotUse(path: string, error: unknown): Error {
  if (error instanceof OperationError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new OperationError("DMN_SOCKET", `the socket ${path} cannot be made: ${reason}`, { cause: error });
}
