/**
 * A laboratory: a cluster of real Corosync nodes with their management controllers, all below one
 * process. Whatever happens to the controller of the lab, the kernel then leaves nothing behind.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import type { NodeName } from "../core/ids.ts";
import { bmcAt, NODES_MAX } from "./addresses.ts";
import { type Blindness, createBlindness } from "./blindness.ts";
import { type Bmc, type BmcOptions, openBmc } from "./bmc/bmc.ts";
import { type Chassis, openDesk } from "./bmc/desk.ts";
import { BMC_EMU } from "./bmc/ipmi-sim-conf.ts";
import { type Cabling, createCabling } from "./cabling.ts";
import {
  BMC_LOGIN,
  type ClusterFacts,
  defaultClusterConf,
  PASSWORD_SCRIPTS,
  readClusterFacts,
} from "./cluster-conf.ts";
import { type DaemonStart, type Software, startCorosync, startDaemon, writeDisk } from "./node/boot.ts";
import { createNode, type LabNode, MANAGEMENT_BRIDGE } from "./node/lab-node.ts";
import { DESK_SOCKET, LAB_ROOT, NODE_ENVIRONMENT, SCRIPTS, seenFromHost } from "./places.ts";
import { entering, TIED, unsharing } from "./space/enter.ts";
import { type Init, openInit } from "./space/init.ts";
import { createNetwork } from "./space/network.ts";

export interface LabOptions {
  readonly nodes: number;
  /** Complete text of cluster.conf; absent: {@link defaultClusterConf}. */
  readonly configuration?: string;
  readonly daemon: DaemonStart;
  /** Silence after which Corosync gives a node up. Units: ms. */
  readonly tokenMs?: number;
  /** Nodes that are not powered on at first. */
  readonly off?: readonly NodeName[];
  /** Something in the lab itself went wrong: a node that does not boot, a simulator that died. */
  readonly onProblem?: (problem: string) => void;
}

export interface Lab {
  readonly id: string;
  /** Pid of the process that holds the lab, as the host counts it. */
  readonly pid: number;
  readonly nodes: ReadonlyMap<NodeName, LabNode>;
  /** By the name of the fence device. */
  readonly bmcs: ReadonlyMap<string, Bmc>;
  readonly cabling: Cabling;
  readonly blindness: Blindness;
  readonly facts: ClusterFacts;
  /** What runs on a node that is on; absent while it boots. */
  software(node: NodeName): Software | undefined;
  /** How often a controller switched the node off while it was on. */
  offCount(node: NodeName): number;
  node(name: NodeName): LabNode;
  /** Resolves when the lab is gone, whoever ended it. */
  readonly gone: Promise<void>;
  /** Ends every process of the lab. Order: resolves when the last one is gone. Idempotent. */
  close(): Promise<void>;
}

const TOKEN_MS_DEFAULT = 1_000;
/** In the command line of the lab's first process: how `lab down` finds it. */
export const LAB_MARK = "bouncer-lab-";

export async function openLab(options: LabOptions): Promise<Lab> {
  if (options.nodes < 1 || options.nodes > NODES_MAX) throw new Error(`1 to ${NODES_MAX} nodes, please`);
  const id = randomBytes(3).toString("hex");
  const init = await openInit(
    [
      ...TIED,
      ...unsharing(["pid", "mount", "net", "uts", "ipc"]),
      ...["bash", `${SCRIPTS}/lab-init.sh`, SCRIPTS, `${LAB_MARK}${id}`],
    ],
    { env: NODE_ENVIRONMENT },
  );
  try {
    return await furnish(id, init, options);
  } catch (error) {
    init.kill();
    await init.gone;
    throw error;
  }
}

async function furnish(id: string, init: Init, options: LabOptions): Promise<Lab> {
  const configuration = options.configuration ?? defaultClusterConf(options.nodes);
  const facts = readClusterFacts(configuration);
  const outside = (path: string) => seenFromHost(init.pid, path);
  const problem = options.onProblem ?? (() => {});
  const password = randomBytes(6).toString("hex");
  const network = createNetwork(init.pid);
  const cabling = createCabling(network);
  const nodes = new Map<NodeName, LabNode>();
  const blindness = createBlindness(nodes);
  const bmcs = new Map<string, Bmc>();
  const software = new Map<NodeName, Software>();
  const offCounts = new Map<NodeName, number>();
  const secrets = facts.devices.map(({ name }) => ({ path: `${PASSWORD_SCRIPTS}/${name}`, password }));
  const disk = { configuration, facts, tokenMs: options.tokenMs ?? TOKEN_MS_DEFAULT, secrets };

  async function boot(name: NodeName, machine: Init): Promise<void> {
    software.delete(name);
    writeDisk(machine, disk);
    await blindness.apply(name, machine);
    const running: Software = { corosync: await startCorosync(machine) };
    if (options.daemon !== "none") running.daemon = await startDaemon(machine, options.daemon);
    software.set(name, running);
  }

  for (const { id: nodeId, name } of facts.nodes) {
    const bridge = () => cabling.bridgeOf(name);
    const onBootFailure = (error: Error) => problem(`${name} does not boot: ${error.message}`);
    const wiring = { id: nodeId, name, labPid: init.pid, network, bridge };
    nodes.set(name, createNode({ ...wiring, boot: (machine) => boot(name, machine), onBootFailure }));
  }

  const node = (name: NodeName): LabNode => {
    const found = nodes.get(name);
    if (found === undefined) throw new Error(`no node ${name}; there are ${[...nodes.keys()].join(", ")}`);
    return found;
  };

  /** The chassis that the controller called `device` acts on. */
  function chassis(device: string): Chassis | undefined {
    const bmc = bmcs.get(device);
    const address = facts.devices.find(({ name }) => name === device)?.address ?? "";
    const target = [...nodes.values()].find(({ id: nodeId }) => nodeId === bmcAt(address)?.id);
    if (bmc === undefined || target === undefined) return undefined;
    return {
      power: () => target.power(),
      async switchPower(to) {
        if (bmc.lies) return;
        if (to === "on") return target.powerOn().catch((error: Error) => problem(error.message));
        if (target.power() === "on") offCounts.set(target.name, (offCounts.get(target.name) ?? 0) + 1);
        await target.powerOff();
      },
    };
  }

  const desk = await openDesk(outside(DESK_SOCKET), chassis);
  const script = `perl ${LAB_ROOT}/bmc/chassis.pl ${DESK_SOCKET}`;
  await init.order(`cp "$scripts/chassis.pl" ${LAB_ROOT}/bmc/`);
  const controllers = facts.devices.filter(({ address }) => bmcAt(address) !== undefined);
  await Promise.all([
    ...controllers.map(async ({ name, address }) => {
      const inside = `${LAB_ROOT}/bmc/${name}`;
      const chassisCommand = `${script} ${name}`;
      const machine = { name, address, login: BMC_LOGIN, password, inside, outside: outside(inside) };
      const port = `b${controllers.findIndex((device) => device.name === name)}`;
      bmcs.set(name, await plugBmc({ ...machine, chassis: chassisCommand }, port));
    }),
    ...[...nodes.values()]
      .filter(({ name }) => !(options.off ?? []).includes(name))
      .map(async (one) => {
        await one.powerOn();
        await one.booted();
      }),
  ]);

  async function plugBmc(bmc: BmcOptions, port: string): Promise<Bmc> {
    mkdirSync(bmc.outside, { recursive: true, mode: 0o700 });
    writeFileSync(`${bmc.outside}/bmc.emu`, BMC_EMU);
    const holder = await openInit(
      [...entering(init.pid), ...unsharing(["net"]), "bash", `${SCRIPTS}/bmc-init.sh`, SCRIPTS],
      { env: NODE_ENVIRONMENT },
    );
    await network.plug(holder.pid, [{ port, name: "eth0", bridge: MANAGEMENT_BRIDGE, address: bmc.address }]);
    return openBmc(holder, bmc);
  }

  return {
    id,
    pid: init.pid,
    nodes,
    bmcs,
    cabling,
    blindness,
    facts,
    software: (name) => software.get(name),
    offCount: (name) => offCounts.get(name) ?? 0,
    node,
    gone: init.gone,
    async close() {
      init.kill();
      await init.gone;
      await Promise.all([...bmcs.values()].map((bmc) => bmc.init.gone));
      await Promise.all([...nodes.values()].map((one) => one.powerOff()));
      await desk.close();
    },
  };
}
