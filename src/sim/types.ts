/** What the simulated world is made of. Times in virtual milliseconds. */
import type { ClusterConfig } from "../core/config.ts";
import type { Incarnation, Millis, NodeId } from "../core/ids.ts";
import type { EpochRecord, Incident } from "../core/ledger.ts";
import type { State } from "../core/state.ts";

export type DeviceFault =
  | { readonly type: "none" }
  | { readonly type: "fails" }
  | { readonly type: "hangs" }
  | { readonly type: "lies" }
  | { readonly type: "blind"; readonly to: readonly NodeId[] }
  /** Dead with its node's power: answers nothing while the node is off. */
  | { readonly type: "shares-power" };

/** One machine: ground truth, whatever anybody believes of it. */
export interface SimNode {
  readonly id: NodeId;
  power: "on" | "off";
  /** Boots so far; part of the boot id. */
  boots: number;
  hung: boolean;
  /** The daemon's core; absent while the daemon does not run. */
  core: State | undefined;
  /** Starts of the daemon so far. */
  starts: number;
  incarnation: Incarnation | undefined;
  processId: string;
  /** What the node itself believes: it writes while this is true, whatever others decided. */
  writing: boolean;
  /** The epoch in which it was let go. */
  writingSince: number;
  /** A workload uses the storage: the host is not clean while the node is up. */
  uses: boolean;
  /** A person said wrongly that it is off: what it writes until it stops is the person's. */
  excused: boolean;
  /** Saw every configured node at once since its boot (wait_for_all). */
  sawAll: boolean;
  readonly disk: {
    epoch: EpochRecord;
    incidents: Incident[];
    frozen: boolean;
    full: boolean;
    waiting: (() => void)[];
  };
  /** Inputs that arrived while it was hung. */
  readonly backlog: (() => void)[];
  cancelTick: () => void;
  /** Clock drift and steps: what is added to the world's wall time. */
  wallOffsetMs: Millis;
}

export interface WorldOptions {
  readonly config: ClusterConfig;
  readonly tokenMs?: Millis;
  readonly latencyMs?: Millis;
  /** How long one agent run takes. */
  readonly agentMs?: Millis;
  readonly diskMs?: Millis;
  /** Time from power on to the daemon's start. */
  readonly bootMs?: Millis;
  readonly quorumVotes?: number;
  /** Called for every line of the story. */
  readonly say: (source: string, text: string) => void;
}
