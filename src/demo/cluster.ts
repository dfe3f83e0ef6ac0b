/** The demo's cluster: a hub, machines with daemons and workloads, and an iLO for each. No root needed. */
import { randomBytes } from "node:crypto";
import { chmodSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connectHubControl, type HubControl } from "../adapters/loopback/control.ts";
import type { NodeId } from "../core/ids.ts";
import type { DeviceFault } from "../stories/stage.ts";
import { type Child, startNodeProgram } from "./child.ts";
import { formatConfiguration } from "./configuration.ts";
import { type Ilo, openIlo } from "./ilo.ts";
import { AGENT, createLayout, type DemoLayout, HOME_DIRECTORY, removeLayout } from "./layout.ts";
import { createMachine, type Machine } from "./machine.ts";
import { writeScript } from "./node-files.ts";
import { freePorts } from "./ports.ts";
import { createSlowDisk, type SlowDisk } from "./slow-disk.ts";

/** Units: ms. How long a silent node keeps its seat; as Corosync's default token. */
const TOKEN_MS = 1_000;
/** Units: ms. */
const HUB_START_MS_MAX = 20_000;
/** Units: ms. */
const HUB_LOOK_EVERY_MS = 20;

export interface ClusterOptions {
  readonly kind: "demo" | "story";
  readonly nodes: number;
  readonly configuration?: (base: string) => string;
  readonly noJoin?: boolean;
  readonly off?: readonly string[];
  /** A web console for each node, on a free port of 127.0.0.1. */
  readonly console?: true;
}

/** One machine with what belongs to it. */
export interface Unit {
  readonly machine: Machine;
  readonly ilo: Ilo;
  readonly disk: SlowDisk;
}

export interface DemoCluster {
  readonly layout: DemoLayout;
  readonly hub: HubControl;
  readonly names: readonly string[];
  /** Errors: throws with the list of names when there is no such node. */
  unit(name: string): Unit;
  nodeId(name: string): NodeId;
  /** Devices are named after their nodes. */
  setDeviceFault(device: string, fault: DeviceFault): void;
  /** Ends every process and removes the directory. */
  close(): Promise<void>;
}

export async function openDemoCluster(options: ClusterOptions): Promise<DemoCluster> {
  const ports = options.console === true ? await freePorts(options.nodes) : [];
  const layout = createLayout(options.kind, options.nodes, ports);
  const closers: (() => Promise<void> | void)[] = [() => removeLayout(layout)];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    return await build(layout, options, closers, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function build(
  layout: DemoLayout,
  options: ClusterOptions,
  closers: (() => Promise<void> | void)[],
  close: () => Promise<void>,
): Promise<DemoCluster> {
  const password = randomBytes(12).toString("hex");
  const change = options.configuration ?? ((base: string) => base);
  writeFileSync(layout.config, change(formatConfiguration(layout)), { mode: 0o600 });
  writeFileSync(layout.shared, "", { mode: 0o600 });
  symlinkSync(AGENT, layout.agent);
  writeScript(layout.passwordScript, `echo ${password}`);

  const hubProcess = startHub(layout);
  closers.push(async () => {
    hubProcess.signal("SIGKILL");
    await hubProcess.exited;
  });
  const hub = await connectHub(layout, hubProcess);
  closers.push(() => hub.close());

  const machines = layout.nodes.map((node) =>
    createMachine({
      layout,
      node,
      join: options.noJoin !== true,
      onPowerLost: async () => void (await hub.crash(node.id)),
    }),
  );
  closers.push(async () => void (await Promise.all(machines.map((machine) => machine.powerOff()))));
  const units = new Map<string, Unit>();
  for (const machine of machines) {
    const ilo = await openIlo({ machine, machines, password });
    const disk = createSlowDisk(machine.node.stateDirectory);
    closers.push(
      () => disk.thaw(),
      () => ilo.close(),
    );
    units.set(machine.node.name, { machine, ilo, disk });
    chmodSync(machine.node.ilo, 0o600);
  }
  const names = layout.nodes.map((node) => node.name);
  const atFirst = machines.filter((machine) => options.off?.includes(machine.node.name) !== true);
  await Promise.all(atFirst.map((machine) => machine.powerOn()));

  function unit(name: string): Unit {
    const found = units.get(name);
    if (found === undefined) throw new RangeError(`there is no node ${name}; there are ${names.join(", ")}`);
    return found;
  }

  return {
    layout,
    hub,
    names,
    unit,
    nodeId: (name) => unit(name).machine.node.id,
    setDeviceFault(device, fault) {
      unit(device).ilo.setFault(fault);
    },
    close,
  };
}

function startHub(layout: DemoLayout): Child {
  const program = join(HOME_DIRECTORY, "src", "adapters", "loopback", "hub-main.ts");
  return startNodeProgram({
    args: [program, "--socket", layout.hub, "--token-ms", String(TOKEN_MS)],
    log: hubLog(layout),
    env: process.env,
  });
}

/** Until the hub answers, or has ended instead. */
async function connectHub(layout: DemoLayout, hub: Child): Promise<HubControl> {
  const until = Date.now() + HUB_START_MS_MAX;
  for (;;) {
    try {
      return await connectHubControl(layout.hub);
    } catch (error) {
      if (Date.now() > until) throw error;
    }
    if (!hub.isRunning) throw new Error(`the hub has ended; its log is ${hubLog(layout)}`);
    await sleep(HUB_LOOK_EVERY_MS);
  }
}

function hubLog(layout: DemoLayout): string {
  return join(layout.root, "hub.log");
}
