/**
 * A volume that several hosts have active has a new size: each of them has to look at its metadata again.
 * The command that changed it waits until all have. Asks travel beside the ledger, like readiness.
 */
import type { NodeId } from "../../core/ids.ts";
import {
  VOLUME_PROBLEM_CHARS_MAX,
  type VolumeRefresh,
  type VolumeRefreshed,
} from "../../core/locks/volumes.ts";
import type { Exec } from "../../ports/exec.ts";

/** Units: ms. Of one host's command, and of all answers. */
const COMMAND_MS = 20_000;
const ANSWERS_MS = 25_000;
/** Asks of others that are worked on, or wait for it. */
const WORK_MAX = 32;
const LVM_FOLDERS = ["/usr/sbin", "/sbin"] as const;

const NAME = "[A-Za-z0-9_.+][A-Za-z0-9_.+-]{0,126}";
const PATH = new RegExp(`^/dev/{1,2}(${NAME})/(${NAME})$`);

/** As LVM writes it: `/dev//san0/vm-101-disk-0`. */
export function parseVolumePath(
  text: string,
): { readonly group: string; readonly volume: string } | undefined {
  const [, group, volume] = PATH.exec(text) ?? [];
  return group === undefined || volume === undefined ? undefined : { group, volume };
}

export interface RefreshPorts {
  readonly self: () => NodeId;
  readonly nameOf: (node: NodeId) => string;
  /** Nodes that hold a lock on the volume. */
  readonly holders: (lockspace: string, uuid: string) => readonly NodeId[];
  /** False: it cannot be sent now. */
  readonly tell: (body: VolumeRefresh | VolumeRefreshed) => boolean;
  readonly exec: Pick<Exec, "run" | "find">;
}

export interface Refresher {
  /** Resolves with what went wrong; empty: every holder has the new size. */
  ask(lockspace: string, uuid: string, path: string): Promise<readonly string[]>;
  onMessage(from: NodeId, body: VolumeRefresh | VolumeRefreshed): void;
}

interface Asked {
  readonly missing: Set<NodeId>;
  readonly problems: string[];
  readonly done: () => void;
}

export function createRefresher({ self, nameOf, holders, tell, exec }: RefreshPorts): Refresher {
  const asked = new Map<number, Asked>();
  let numbers = 0;
  let working = 0;

  async function work(path: string): Promise<string> {
    const parsed = parseVolumePath(path);
    if (parsed === undefined) return "no path of a volume";
    if (working >= WORK_MAX) return `more than ${WORK_MAX} at once`;
    working++;
    try {
      const lvm = await exec.find("lvm", LVM_FOLDERS);
      if (lvm === undefined) return "LVM is not installed";
      const args = ["lvchange", "--refresh", "--partial", "--nolocking", `${parsed.group}/${parsed.volume}`];
      const { exitCode, timedOut, problem, stderr } = await exec.run({
        file: lvm.file,
        args,
        budgetMs: COMMAND_MS,
      });
      if (exitCode === 0) return "";
      const said = stderr.head.trim().split("\n").at(-1)?.trim() ?? "";
      return timedOut ? "lvchange --refresh took too long" : (problem ?? `lvchange --refresh: ${said}`);
    } finally {
      working--;
    }
  }

  return {
    ask(lockspace, uuid, path) {
      const missing = new Set(holders(lockspace, uuid));
      if (missing.size === 0) return Promise.resolve([]);
      const number = ++numbers;
      if (!tell({ type: "volume-refresh", number, lockspace, uuid, path })) {
        return Promise.resolve(["the other nodes cannot be asked now"]);
      }
      const problems: string[] = [];
      return new Promise<readonly string[]>((resolve) => {
        const timer = setTimeout(() => {
          for (const node of missing) problems.push(`${nameOf(node)} did not answer`);
          done();
        }, ANSWERS_MS);
        function done(): void {
          clearTimeout(timer);
          asked.delete(number);
          resolve(problems);
        }
        asked.set(number, { missing, problems, done });
      });
    },
    onMessage(from, body) {
      if (body.type === "volume-refresh") {
        if (!holders(body.lockspace, body.uuid).includes(self())) return;
        void work(body.path).then((problem) => {
          const said = problem === "" ? {} : { problem: problem.slice(0, VOLUME_PROBLEM_CHARS_MAX) };
          tell({ type: "volume-refreshed", of: from, number: body.number, ...said });
        });
        return;
      }
      const mine = body.of === self() ? asked.get(body.number) : undefined;
      if (mine === undefined || !mine.missing.delete(from)) return;
      if (body.problem !== undefined) mine.problems.push(`${nameOf(from)}: ${body.problem}`);
      if (mine.missing.size === 0) mine.done();
    },
  };
}
