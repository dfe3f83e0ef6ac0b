/** Signals to everything in a pid namespace, from outside of it. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** Rounds until no new process may turn up between listing and signalling, and what is between two. Units: ms. */
const ROUNDS_MAX = 200;
const ROUND_MS = 2;

/** Every process in the pid namespace of `initPid`, as the host counts them, the init first. */
export function processesOf(initPid: number): readonly number[] {
  const namespace = namespaceOf(initPid);
  if (namespace === undefined) return [];
  const others = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== initPid && namespaceOf(pid) === namespace);
  return [initPid, ...others];
}

/**
 * Stops a whole node in its tracks: SIGSTOP to every process, again and again until none is left
 * that runs. The init goes first, so that it starts nothing meanwhile.
 *
 * Order: resolves when all stand still: a signal is not obeyed at once by who runs on another processor.
 *        Who waits for a disk stops when that answers, and runs nothing until then.
 */
export async function stopAll(initPid: number): Promise<void> {
  const told = new Set<number>();
  let isNew = false;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const running = runningProcessesOf(initPid);
    if (running.length === 0) return;
    const missed = running.filter((pid) => !told.has(pid));
    for (const pid of missed) {
      signal(pid, "SIGSTOP");
      told.add(pid);
    }
    isNew = missed.length > 0;
    await new Promise((resolve) => setTimeout(resolve, ROUND_MS));
  }
  if (isNew) throw new Error(`processes of ${initPid} start faster than they can be stopped`);
}

/** Lets a stopped node go on. The init goes last: it must not see its children stopped. */
export function continueAll(initPid: number): void {
  for (const pid of processesOf(initPid).toReversed()) signal(pid, "SIGCONT");
}

/** Processes of the namespace that still run (neither stopped nor zombies). For checks. */
export function runningProcessesOf(initPid: number): readonly number[] {
  return processesOf(initPid).filter((pid) => !["T", "t", "Z", undefined].includes(stateOf(pid)));
}

function namespaceOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return undefined; // Ended meanwhile.
  }
}

function stateOf(pid: number): string | undefined {
  try {
    return /\) (\S)/.exec(readFileSync(`/proc/${pid}/stat`, "latin1"))?.[1];
  } catch {
    return undefined;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Ended meanwhile.
  }
}
