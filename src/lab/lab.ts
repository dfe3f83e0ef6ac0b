/**
 * A laboratory: a cluster of real Corosync nodes with their management controllers, all below one
 * process. Whatever happens to the controller of the lab, the kernel then leaves nothing behind.
 */
import { randomBytes } from "node:crypto";
import type { NodeName } from "../core/ids.ts";
import { NODES_MAX } from "./addresses.ts";
import { LAB_AGENT_DEFAULT, type LabAgent } from "./agent.ts";
import { type Blindness, createBlindness } from "./blindness.ts";
import { type Controllers, openControllers } from "./bmc/controllers.ts";
import { type Cabling, createCabling } from "./cabling.ts";
import { type ClusterFacts, clusterConf, PASSWORD_SCRIPTS, readClusterFacts } from "./cluster-conf.ts";
import { type Disks, openDisks } from "./disk/disks.ts";
import { openLun, PRIVATE_DEVICE_MAPPER } from "./lvm/lun.ts";
import { linkSocket, writeDisk } from "./node/disk.ts";
import { machineOf } from "./node/firmware.ts";
import { createNode, type LabNode } from "./node/lab-node.ts";
import { writePower } from "./node/power-file.ts";
import { createSoftware, type DaemonStart, type LvmLocks, type Software, startAll } from "./node/software.ts";
import { LAB_MARK, NODE_ENVIRONMENT, nodeSocket, SCRIPTS, STATE_DIR, seenFromHost } from "./places.ts";
import { type CommandOptions, type CommandResult, runCommand } from "./space/command.ts";
import { entering, TIED, unsharing } from "./space/enter.ts";
import { type Init, openInit } from "./space/init.ts";
import { createNetwork } from "./space/network.ts";

export interface LabOptions {
  readonly nodes: number;
  /** Complete text of cluster.conf; absent: {@link clusterConf}. */
  readonly configuration?: string;
  /** What its controllers speak; they have to fit the configuration. */
  readonly agent?: LabAgent;
  readonly daemon: DaemonStart;
  /** Silence after which Corosync gives a node up. Units: ms. */
  readonly tokenMs?: number;
  /** Nodes that are not powered on at first. */
  readonly off?: readonly NodeName[];
  /** State directories on disks of their own that can hang, instead of in memory. */
  readonly disksCanHang?: true;
  /** A block device that all nodes share, and who answers LVM's commands: bouncerd, or one who always says yes. */
  readonly lvm?: LvmLocks;
  /** Every daemon serves its console, inside its machine only. */
  readonly console?: true;
  /** Something in the lab itself went wrong: a node that does not boot, for example. */
  readonly onProblem?: (problem: string) => void;
  /** Ends the lab at once, also while it is being opened. */
  readonly signal?: AbortSignal;
}

export interface Lab {
  readonly id: string;
  /** Pid of the process that holds the lab, as the host counts it. */
  readonly pid: number;
  readonly nodes: ReadonlyMap<NodeName, LabNode>;
  /** Errors: throws with the list of names when there is no such node. */
  node(name: NodeName): LabNode;
  readonly controllers: Controllers;
  readonly cabling: Cabling;
  readonly blindness: Blindness;
  readonly facts: ClusterFacts;
  /** The shared block device; absent unless the lab was opened with `lvm`. */
  readonly lun?: string;
  /** Absent unless the lab was opened with disks that can hang. */
  readonly disks: Disks | undefined;
  /** Errors: throws when the node is off. */
  software(name: NodeName): Software;
  /** The daemon's socket of a node, as the host reaches it, across all its boots. */
  socket(name: NodeName): string;
  /** Pulls the plug: the wire falls silent, and then every process is gone. */
  crash(name: NodeName): Promise<void>;
  /** Powers the node on. Order: resolves when everything that it starts was started. */
  boot(name: NodeName): Promise<void>;
  /** Runs a program on a node. Errors: rejects when the node is off. */
  run(name: NodeName, argv: readonly string[], input?: string): Promise<CommandResult>;
  /** Resolves when the lab is gone, whoever ended it. */
  readonly gone: Promise<void>;
  /** Ends every process of the lab. Order: resolves when the last one is gone. Idempotent. */
  close(): Promise<void>;
}

export const TOKEN_MS_DEFAULT = 1_000;
/** Units: ms. For one command on a node. */
const RUN_TIMEOUT_MS = 120_000;

export async function openLab(options: LabOptions): Promise<Lab> {
  if (options.nodes < 1 || options.nodes > NODES_MAX) throw new Error(`1 to ${NODES_MAX} nodes, please`);
  const id = randomBytes(3).toString("hex");
  const argv = ["bash", `${SCRIPTS}/lab-init.sh`, SCRIPTS, `${LAB_MARK}${id}`];
  const namespaces = unsharing(["pid", "mount", "net", "uts", "ipc"]);
  const init = await openInit([...TIED, ...namespaces, ...argv], { env: NODE_ENVIRONMENT });
  options.signal?.addEventListener("abort", init.kill);
  if (options.signal?.aborted === true) init.kill();
  const cleanUp: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    init.kill();
    await init.gone;
    options.signal?.removeEventListener("abort", init.kill);
    for (const step of cleanUp.splice(0)) await step();
  };
  try {
    return { ...(await furnish(id, init, options, cleanUp)), gone: init.gone, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** `cleanUp` gets what has to be done in this process once the lab is gone. */
async function furnish(
  id: string,
  init: Init,
  options: LabOptions,
  cleanUp: (() => Promise<void>)[],
): Promise<Omit<Lab, "gone" | "close">> {
  const agent = options.agent ?? LAB_AGENT_DEFAULT;
  const configuration = options.configuration ?? clusterConf(options.nodes, agent);
  const facts = readClusterFacts(configuration);
  const onProblem = options.onProblem ?? (() => {});
  const password = randomBytes(6).toString("hex");
  const network = createNetwork(init.pid);
  const cabling = createCabling(network);
  const nodes = new Map<NodeName, LabNode>();
  const blindness = createBlindness(nodes);
  const disks = options.disksCanHang === true ? openDisks(init.pid, options.nodes) : undefined;
  const software = new Map<NodeName, Software>();
  const secrets = facts.devices.map(({ name }) => ({ path: `${PASSWORD_SCRIPTS}/${name}`, password }));
  const lun = options.lvm === undefined ? {} : { lun: await openLun(init) };
  const lvm = options.lvm === undefined ? {} : { lvm: options.lvm };
  const pages = options.console === true ? { console: true as const } : {};
  const disk = { configuration, facts, tokenMs: options.tokenMs ?? TOKEN_MS_DEFAULT, secrets, ...lun };
  const socket = (name: NodeName) => seenFromHost(init.pid, nodeSocket(name));

  for (const { id: nodeId, name } of facts.nodes) {
    const boot = async (machine: Init): Promise<void> => {
      const joins = options.daemon === "join";
      const programs = createSoftware(machine, { id: nodeId, name, joins, ...lvm, ...pages });
      software.set(name, programs);
      writeDisk(machine, { ...disk, machine: machineOf(name) });
      if (lvm.lvm !== undefined) await machine.order(PRIVATE_DEVICE_MAPPER);
      linkSocket(machine, socket(name));
      await blindness.apply(name, machine);
      await disks?.mount(name, machine.pid, STATE_DIR);
      await startAll(programs, options.daemon, options.lvm);
    };
    const bridge = () => cabling.bridgeOf(name);
    const onBootFailure = (error: Error) => onProblem(`${name} does not boot: ${error.message}`);
    const onPowerLost = () => void disks?.drop(name).catch(() => {}); // Without disks nothing waits.
    const onPower = (power: "on" | "off") => writePower(init.pid, name, power);
    onPower("off");
    const place = { id: nodeId, name, labPid: init.pid, network, bridge };
    nodes.set(name, createNode({ ...place, boot, onBootFailure, onPowerLost, onPower }));
  }

  function node(name: NodeName): LabNode {
    const found = nodes.get(name);
    if (found !== undefined) return found;
    throw new Error(`there is no node ${name}; there are ${[...nodes.keys()].join(", ")}`);
  }

  async function boot(name: NodeName): Promise<void> {
    await node(name).powerOn();
    await node(name).booted();
  }

  const atFirst = [...nodes.keys()].filter((name) => options.off?.includes(name) !== true);
  const opening = openControllers({
    lab: init,
    network,
    nodes,
    devices: facts.devices,
    password,
    agent,
    onProblem,
  });
  cleanUp.push(async () => {
    for (const one of nodes.values()) await one.powerOff();
    const opened = await opening.catch(() => undefined);
    await opened?.close();
  });
  const [controllers] = await Promise.all([opening, ...atFirst.map(boot)]);

  return {
    id,
    pid: init.pid,
    nodes,
    node,
    controllers,
    cabling,
    blindness,
    facts,
    disks,
    ...lun,
    software(name) {
      const programs = node(name).power() === "on" ? software.get(name) : undefined;
      if (programs === undefined) throw new Error(`${name} is off`);
      return programs;
    },
    socket,
    async crash(name) {
      const port = node(name).clusterPort();
      if (port !== undefined) await network.setPort(port, "down");
      await node(name).powerOff();
    },
    boot,
    async run(name, argv, input) {
      const machine = await node(name).init();
      const limits: CommandOptions = { timeoutMs: RUN_TIMEOUT_MS, env: NODE_ENVIRONMENT };
      const fed = input === undefined ? limits : { ...limits, input };
      return runCommand([...entering(machine.pid), ...argv], fed);
    },
  };
}
