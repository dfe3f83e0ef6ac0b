/** What the suite needs of a world in which an engine runs. */
import type { Member } from "./member.ts";

export interface Harness {
  readonly tokenMs: number;
  /** Starts a process that uses the engine on this node. */
  start(nodeId: number): Promise<Member>;
  /** From now on only nodes of one group hear one another. */
  split(groups: readonly (readonly number[])[]): Promise<void>;
  heal(): Promise<void>;
  /** The node loses power, with everything that runs on it. */
  crash(nodeId: number): Promise<void>;
  /** Everything on the node stops to run, and goes on later as if nothing had happened. */
  hang(nodeId: number): void;
  resume(nodeId: number): void;
  /** The engine below the process on this node dies and comes back. */
  restartEngine(nodeId: number): Promise<void>;
  /** Asks the engine below for an orderly shutdown; true when it agreed. */
  tryShutdown(nodeId: number): Promise<boolean>;
  close(): Promise<void>;
}

export interface HarnessOptions {
  readonly nodes: readonly number[];
  readonly twoNode: boolean;
}

export interface HarnessKind {
  readonly name: string;
  open(options: HarnessOptions): Promise<Harness>;
}
