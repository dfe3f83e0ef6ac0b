/** A node's way to shared disks: its key is on them, or it cannot write. */
import type { AgentHost } from "../../ports/agent-host.ts";
import { type AgentProblem, type Power, problem, type Result, success } from "../frame/agent.ts";
import type { PowerDevice } from "../frame/device.ts";
import { DEVICES_FILE, KEY_FILE, readOwnKey } from "./store.ts";
import type { ScsiTool } from "./tool.ts";

export interface ScsiOptions {
  readonly host: AgentHost;
  readonly tool: ScsiTool;
  /** What the readings are for: after an `on` the key has to be on every disk, after an `off` on none. */
  readonly wants: "on" | "off" | "status";
  /** The key of a node; `plug` is its name. */
  readonly keyOf: (plug: string) => Promise<Result<string>>;
  readonly disks: () => Promise<Result<readonly string[]>>;
  /** May this node fence at all: are the programs there, and has it a key? */
  readonly ready: () => Promise<Result<void>>;
}

interface Disk {
  /** As it was written down. */
  readonly name: string;
  readonly path: string;
  readonly beneath: readonly string[];
}

/** `cut`: the key is gone, and whoever has none cannot write. `open`: it is gone, and everybody can write. */
type Way = "registered" | "cut" | "open";

export function createScsiDevice(options: ScsiOptions): PowerDevice {
  const { host, tool, wants, keyOf } = options;
  let known: readonly Disk[] | undefined;

  async function disks(): Promise<Result<readonly Disk[]>> {
    if (known !== undefined) return success(known);
    const names = await options.disks();
    if (!names.ok) return names;
    const found: Disk[] = [];
    for (const name of names.value) {
      const device = await host.blockDevice(name);
      if (device === undefined) return problem("usage", `Failed: device "${name}" is not a block device`);
      found.push({ name, ...device });
    }
    known = found;
    return success(found);
  }

  /** All disks at the same time: a slow one delays no other. */
  async function each<T>(work: (disk: Disk) => Promise<Result<T>>): Promise<Result<readonly T[]>> {
    const all = await disks();
    if (!all.ok) return all;
    const done = await Promise.all(all.value.map(work));
    const failed = done.find((one) => !one.ok);
    if (failed !== undefined && !failed.ok) return failed;
    return success(done.flatMap((one) => (one.ok ? [one.value] : [])));
  }

  async function wayOf(disk: Disk, key: string): Promise<Result<Way>> {
    const keys = await tool.keys(disk.path);
    if (!keys.ok) return keys;
    if (keys.value.includes(key)) return success("registered");
    const held = await tool.reservation(disk.path);
    if (!held.ok) return held;
    return success(held.value !== "none" && held.value.keepsOut ? "cut" : "open");
  }

  async function power(plug: string): Promise<Result<Power>> {
    const key = await keyOf(plug);
    if (!key.ok) return key;
    const ways = await each((disk) => wayOf(disk, key.value));
    if (!ways.ok) return ways;
    const has = (way: Way): boolean => ways.value.includes(way);
    if (wants === "on")
      return success(has("cut") || has("open") ? (has("registered") ? "unknown" : "off") : "on");
    if (has("registered")) return success("on");
    if (!has("open")) return success("off");
    if (wants === "off") return success("unknown"); // The order that follows reserves the disk.
    return problem(
      "not-reached",
      "nobody holds a reservation on all disks: whoever has no key can write, too",
    );
  }

  async function register(disk: Disk, key: string): Promise<Result<void>> {
    for (const path of disk.beneath) {
      const done = await tool.register(path, key);
      if (!done.ok) return done;
    }
    return reserve(disk, key);
  }

  /** By whomever: the reservation keeps all out that are not registered. */
  async function reserve(disk: Disk, key: string): Promise<Result<void>> {
    const held = await tool.reservation(disk.path);
    if (!held.ok) return held;
    if (held.value !== "none") return success(undefined);
    const done = await tool.reserve(disk.path, key);
    if (done.ok) return done;
    const again = await tool.reservation(disk.path); // Another node was quicker.
    return again.ok && again.value !== "none" ? success(undefined) : done;
  }

  async function cutOff(disk: Disk, own: string, victim: string): Promise<Result<void>> {
    const keys = await tool.keys(disk.path);
    if (!keys.ok) return keys;
    if (keys.value.includes(victim)) {
      const done = await tool.preempt(disk.path, own, victim);
      if (!done.ok) return keys.value.includes(own) ? done : unregistered(disk, done.problem);
    }
    return reserve(disk, own);
  }

  async function on(plug: string): Promise<Result<void>> {
    const key = await keyOf(plug);
    if (!key.ok) return key;
    if (!(await host.write(KEY_FILE, `${key.value}\n`))) {
      return problem("usage", `Failed: Cannot open file "${KEY_FILE}"`);
    }
    const done = await each((disk) => register(disk, key.value));
    if (!done.ok) return done;
    for (const { name } of known ?? []) await host.addLine(DEVICES_FILE, name);
    return success(undefined);
  }

  async function off(plug: string): Promise<Result<void>> {
    const [victim, own] = [await keyOf(plug), await readOwnKey(host)];
    if (!victim.ok) return victim;
    if (!own.ok) return own;
    if (own.value === victim.value) {
      return problem("usage", "Failed: keys cannot be same. You can not fence yourself.");
    }
    const done = await each((disk) => cutOff(disk, own.value, victim.value));
    return done.ok ? success(undefined) : done;
  }

  return {
    power,
    set: (plug, to) => (to === "on" ? on(plug) : off(plug)),
    ready: options.ready,
    async close() {},
  };
}

function unregistered({ name }: Disk, { detail }: AgentProblem): Result<never> {
  return problem(
    "privilege",
    `this node's own key is not on ${name}: it was cut off itself, or was never unfenced (${detail})`,
  );
}
