/**
 * What a fence agent may use of the machine that it runs on. Only agents whose device hangs on that machine
 * need it: disks that are shared. Nothing here rejects, and every wait has a limit.
 */
import type { Exec } from "./exec.ts";

export interface BlockDevice {
  /** Links followed. */
  readonly path: string;
  /** The disks beneath a device of the device mapper, by their paths; of any other device itself. */
  readonly beneath: readonly string[];
}

export interface AgentHost {
  readonly run: Exec["run"];
  /** Undefined: no block device is there, or nobody answers. */
  blockDevice(path: string): Promise<BlockDevice | undefined>;
  /** Undefined: there is no such file, or it cannot be read. Never longer than a name or a key. */
  firstLine(path: string): Promise<string | undefined>;
  /** Makes the folder; replaces the file in one step. False: it could not be written. */
  write(path: string, text: string): Promise<boolean>;
  /** Adds the line to the file unless it is there. False: it could not be written. */
  addLine(path: string, line: string): Promise<boolean>;
}
