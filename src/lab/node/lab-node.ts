/**
 * One machine of the lab. It has a power switch, a network cable, and a disk that survives; it
 * does not know who presses the switch.
 */
import { randomUUID } from "node:crypto";
import type { NodeId, NodeName } from "../../core/ids.ts";
import { clusterAddress, managementAddress } from "../addresses.ts";
import { NODE_ENVIRONMENT, SCRIPTS } from "../places.ts";
import { entering, unsharing } from "../space/enter.ts";
import { type Init, openInit } from "../space/init.ts";
import type { Network } from "../space/network.ts";
import { continueAll, stopAll } from "./processes.ts";

export const CLUSTER_BRIDGE = "cluster";
export const MANAGEMENT_BRIDGE = "mgmt";

export interface LabNode {
  readonly id: NodeId;
  readonly name: NodeName;
  /** The truth: "off" only when no process of the node is left. */
  power(): "on" | "off";
  /** Order: resolves when the machine's init runs; what it starts comes up after that. */
  powerOn(): Promise<void>;
  /** Order: resolves when every process of the node is gone. */
  powerOff(): Promise<void>;
  /** Resolves when everything that a boot starts was started. Rejects when that failed. */
  booted(): Promise<void>;
  hang(): Promise<void>;
  resume(): Promise<void>;
  /** Name of the port where its cable to the other nodes is plugged in; absent while there is none. */
  clusterPort(): string | undefined;
  /** The running machine. Errors: throws when the power is off. */
  init(): Promise<Init>;
}

export interface NodeOptions {
  readonly id: NodeId;
  readonly name: NodeName;
  readonly labPid: number;
  readonly network: Network;
  /** Bridge that the node's cable goes into at power on; undefined: the cable stays unplugged. */
  readonly bridge: () => string | undefined;
  /** Starts what a booting machine starts. */
  readonly boot: (init: Init) => Promise<void>;
  /** Called at the instant at which the power is another one. */
  readonly onPower: (power: "on" | "off") => void;
  /** A boot failed although nobody switched the power off meanwhile. */
  readonly onBootFailure: (error: Error) => void;
  /** The power was cut; its processes are ending. */
  readonly onPowerLost: () => void;
}

interface Machine {
  readonly init: Promise<Init>;
  readonly booted: Promise<void>;
  readonly switchedOff: { value: boolean };
}

export function createNode(options: NodeOptions): LabNode {
  const { id, name, network, labPid } = options;
  let machine: Machine | undefined;
  let boots = 0;
  let plugged: string | undefined;
  const clusterPortOf = (boot: number) => `n${id}b${boot}c`;

  async function startMachine(boot: number): Promise<Init> {
    const argv = [
      ...entering(labPid),
      ...unsharing(["pid", "mount", "net", "uts", "ipc"]),
      ...["bash", `${SCRIPTS}/node-init.sh`, SCRIPTS, name, randomUUID()],
    ];
    const init = await openInit(argv, { env: NODE_ENVIRONMENT });
    try {
      await network.inTurn(() => plug(init, boot));
      return init;
    } catch (error) {
      init.kill();
      await init.gone; // Whoever switches it off now must find nothing running.
      throw error;
    }
  }

  async function plug(init: Init, boot: number): Promise<void> {
    const port = clusterPortOf(boot);
    const bridge = options.bridge();
    const cluster = { port, name: "eth0", bridge: bridge ?? CLUSTER_BRIDGE, address: clusterAddress(id) };
    const management = { name: "eth1", bridge: MANAGEMENT_BRIDGE, address: managementAddress(id) };
    await network.plug(init.pid, [cluster, { port: `n${id}b${boot}m`, ...management }]);
    if (bridge === undefined) await network.setPort(port, "down");
    plugged = port;
  }

  function switchOn(): Machine {
    options.onPower("on");
    boots += 1;
    const switchedOff = { value: false };
    const init = startMachine(boots);
    const booted = init.then((running) => options.boot(running));
    booted.catch((error: Error) => {
      if (!switchedOff.value) options.onBootFailure(error);
    });
    return { init, booted, switchedOff };
  }

  return {
    id,
    name,
    power: () => (machine === undefined ? "off" : "on"),
    async powerOn() {
      machine ??= switchOn();
      await machine.init;
    },
    async powerOff() {
      const before = machine;
      if (before === undefined) return;
      before.switchedOff.value = true;
      plugged = undefined;
      const init = await before.init.catch(() => undefined);
      init?.kill();
      options.onPowerLost();
      await init?.gone;
      if (machine !== before) return;
      machine = undefined;
      options.onPower("off");
    },
    async booted() {
      await machine?.booted;
    },
    hang: async () => stopAll((await running().init).pid),
    resume: async () => continueAll((await running().init).pid),
    clusterPort: () => plugged,
    init: async () => running().init,
  };

  function running(): Machine {
    if (machine === undefined) throw new Error(`${name} is off`);
    return machine;
  }
}
