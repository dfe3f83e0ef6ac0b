/**
 * Where a story is played: three or more nodes that can be cut, crashed, hung and powered, and the
 * commands that an administrator would type on them. Implementations: src/demo (daemons on loopback,
 * simulated power) and src/lab (real Corosync nodes in namespaces, a real BMC simulator). A story
 * knows neither.
 */
import type { StatusView } from "../core/view/types.ts";

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a fence device does wrong. `blind`: the devices do not answer the named nodes only. */
export type DeviceFault =
  | { readonly type: "none" }
  | { readonly type: "fails" }
  | { readonly type: "hangs" }
  /** Says success and leaves the node on. */
  | { readonly type: "lies" }
  | { readonly type: "blind"; readonly to: readonly string[] }
  /** The two devices change places, once: each is then that of the other's node. Only in the lab. */
  | { readonly type: "swapped"; readonly with: string };

export interface StageOptions {
  readonly nodes: number;
  /** Complete text of cluster.conf; absent: the stage's default for that many nodes. */
  readonly configuration?: (base: string) => string;
  /** Start the daemons without joining the fence domain. */
  readonly noJoin?: boolean;
  /** Nodes that are not powered on at first. */
  readonly off?: readonly string[];
  /**
   * All nodes share a block device with LVM on it; who answers LVM's commands: bouncerd, or somebody
   * who always says yes. Only in the lab.
   */
  readonly lvm?: "bouncerd" | "grant-everything";
  /** The story freezes disks: a stage whose disks cannot always hang makes such. */
  readonly disksCanHang?: true;
}

/**
 * Node names are `tpve01`, `tpve02`, … in node id order from 1.
 *
 * The base configuration: cluster `tpve`; every node has one method `ilo` with one device that is named
 * after the node (`<fencedevice … name="tpve02" … login="…" …/>`: one tag on one line). What a story
 * needs beyond that it writes into it with src/stories/cluster-conf.ts.
 */
export interface Stage {
  readonly kind: "demo" | "lab";
  readonly nodes: readonly string[];
  /** The shared block device, on a stage that was opened with `lvm`. */
  readonly device?: string;
  /** Takes a node off the network (both directions, to everybody; its BMC stays reachable). */
  cut(node: string): Promise<void>;
  /** Puts it back. */
  heal(node: string): Promise<void>;
  /** Splits the network into groups that cannot hear one another. */
  split(groups: readonly (readonly string[])[]): Promise<void>;
  /** Undoes every cut and split. */
  healAll(): Promise<void>;
  /** The node loses power at this instant. */
  crash(node: string): Promise<void>;
  /** Stops the whole node (SIGSTOP to everything on it), and goes on later. */
  hang(node: string): Promise<void>;
  resume(node: string): Promise<void>;
  /** Only bouncerd dies (SIGKILL); the node and its group engine live. */
  killDaemon(node: string): Promise<void>;
  startDaemon(node: string): Promise<void>;
  /** Orderly: leave the domain, stop the daemon, stop the engine, power off. */
  shutdown(node: string): Promise<void>;
  /** Presses the power button: on (boots and joins), or off. */
  power(node: string, state: "on" | "off"): Promise<void>;
  /** The state directory's disk answers no more (until thawed). */
  freezeDisk(node: string): Promise<void>;
  thawDisk(node: string): Promise<void>;
  /** Faults of the fence device `device` (its name in cluster.conf), until changed again. */
  deviceFault(device: string, fault: DeviceFault): Promise<void>;
  /** Ground truth: is the node's power on? */
  isPowered(node: string): Promise<boolean>;
  /** How often the power of a node was switched off by a device since the start. */
  offCount(node: string): Promise<number>;
  /** Ground truth: did the node's workload write to the shared file since this mark? */
  writesSince(node: string, mark: number): Promise<number>;
  mark(): number;
  /**
   * The shared file as it is now: what the workloads of all nodes appended, in the order in which the
   * file system took it. Line format: src/stories/shared-file.ts, written by src/demo/workload.ts.
   */
  sharedText(): Promise<string>;
  /** `cluster.conf` on the node's disk, or `cluster.conf.new` beside it; empty when it is not there. */
  readConfig(node: string, suffix: "" | ".new"): Promise<string>;
  writeConfig(node: string, suffix: "" | ".new", text: string): Promise<void>;
  /** The name of that file, as commands on the node take it. */
  configFile(node: string, suffix: "" | ".new"): string;
  /** Runs one of our commands as an administrator on that node would, e.g. ["fence_tool", "ls"]. */
  run(node: string, command: readonly string[], input?: string): Promise<CommandResult>;
  status(node: string): Promise<StatusView>;
  /**
   * Resolves as soon as `holds` is true for the node's status (event driven). Rejects after
   * `timeoutMs` with the last status in the message.
   */
  until(
    node: string,
    what: string,
    holds: (status: StatusView) => boolean,
    timeoutMs: number,
  ): Promise<StatusView>;
  /** The daemon's log lines of a node so far. */
  log(node: string): Promise<string>;
  say(line: string): void;
}

/** What somebody who plays one story by its name may ask for. */
export interface StoryArguments {
  readonly rounds?: number;
  /** Without locks: the story then shows what they are for. */
  readonly grantEverything?: true;
}

/** Times since the fault; absent when the story has no such moment. Units: ms. */
export interface StoryTimings {
  readonly lost_ms?: number;
  readonly fence_start_ms?: number;
  readonly off_ms?: number;
  readonly thaw_ms?: number;
}

export interface StoryResult {
  readonly ok: boolean;
  readonly timings: StoryTimings;
  /** What `bouncer why` said while storage was frozen. */
  readonly why: readonly string[];
}

export interface Story {
  readonly name: string;
  /** The claim, one sentence. */
  readonly claim: string;
  readonly runsIn: readonly ("demo" | "lab")[];
  /** Takes a minute: played by its name, not among all others. */
  readonly apart?: true;
  /** Only with agents that ask the device who it is. */
  readonly needsIdentity?: true;
  readonly options: StageOptions;
  /** The whole of it, where the story among all others is a short one. Errors: `RangeError`. */
  readonly vary?: (how: StoryArguments) => Story;
  /** Throws with a clear sentence when the story did not end as it should. */
  play(stage: Stage): Promise<{ readonly timings: StoryTimings; readonly why: readonly string[] }>;
}
