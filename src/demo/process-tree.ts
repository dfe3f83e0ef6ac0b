/** Processes below one of ours: a machine that loses power loses all of them at once. Linux only. */
import { readdirSync, readFileSync } from "node:fs";

/** A chain of parents or a tree that is larger is none of ours. */
const DEPTH_MAX = 32;
const TREE_MAX = 1_000;

/** `pid` and everything below it, as far as it still runs; parents before children. */
export function processTree(pid: number): number[] {
  const tree = [pid];
  for (const parent of tree) {
    if (tree.length >= TREE_MAX) break;
    tree.push(...childrenOf(parent).filter((child) => !tree.includes(child)));
  }
  return tree;
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" ").filter(Boolean).map(Number),
    );
  } catch {
    return []; // It ended meanwhile.
  }
}

/** The parents of `pid`, itself first. */
export function ancestry(pid: number): number[] {
  const chain: number[] = [];
  for (let next = pid; next > 1 && chain.length < DEPTH_MAX; next = parentOf(next)) chain.push(next);
  return chain;
}

function parentOf(pid: number): number {
  try {
    // The name in parentheses may contain anything, also parentheses.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return 0;
  }
}

/** Signals every process that is still there. Stops or kills parents first, so that none is replaced. */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}
