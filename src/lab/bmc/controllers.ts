/** All management controllers of a lab, and the desk where they have it switched. */
import { mkdirSync, writeFileSync } from "node:fs";
import type { NodeName } from "../../core/ids.ts";
import { bmcAt } from "../addresses.ts";
import { BMC_LOGIN, type LabAgent } from "../agent.ts";
import type { ClusterFacts } from "../cluster-conf.ts";
import { type LabNode, MANAGEMENT_BRIDGE } from "../node/lab-node.ts";
import { DESK_SOCKET, LAB_ROOT, NODE_ENVIRONMENT, powerFile, SCRIPTS, seenFromHost } from "../places.ts";
import { entering, unsharing } from "../space/enter.ts";
import { type Init, openInit } from "../space/init.ts";
import type { Network } from "../space/network.ts";
import { type Bmc, openBmc } from "./bmc.ts";
import { type Chassis, openDesk } from "./desk.ts";
import { BMC_EMU } from "./ipmi-sim-conf.ts";
import { openTlsBmc } from "./tls-bmc.ts";

export interface Controllers {
  /** By the name of the fence device. */
  readonly byDevice: ReadonlyMap<string, Bmc>;
  /** How often one of them switched the node off while it was on. */
  offCount(node: NodeName): number;
  /** To be called when the lab is gone. */
  close(): Promise<void>;
}

export interface ControllersOptions {
  readonly lab: Init;
  readonly network: Network;
  readonly nodes: ReadonlyMap<NodeName, LabNode>;
  readonly devices: ClusterFacts["devices"];
  readonly password: string;
  readonly agent: LabAgent;
  readonly onProblem: (problem: string) => void;
}

/** Devices whose address is no controller's are left out: nobody answers there. */
export async function openControllers(options: ControllersOptions): Promise<Controllers> {
  const { lab, network, nodes, onProblem } = options;
  const byDevice = new Map<string, Bmc>();
  const offCounts = new Map<NodeName, number>();

  function chassis(device: string): Chassis | undefined {
    const bmc = byDevice.get(device);
    const node = bmc === undefined ? undefined : nodes.get(bmc.machine);
    if (bmc === undefined || node === undefined) return undefined;
    return {
      power: () => node.power(),
      async switchPower(to) {
        if (bmc.lies) return;
        if (to === "on") return node.powerOn().catch((error: Error) => onProblem(error.message));
        if (node.power() === "on") offCounts.set(node.name, (offCounts.get(node.name) ?? 0) + 1);
        await node.powerOff();
      },
    };
  }

  /** One controller per address; several devices may name it, with other logins for example. */
  async function plug(address: string, names: readonly string[], port: string): Promise<void> {
    const [name = ""] = names;
    const inside = `${LAB_ROOT}/bmc/${port}`;
    const outside = seenFromHost(lab.pid, inside);
    mkdirSync(outside, { recursive: true, mode: 0o700 });
    writeFileSync(`${outside}/bmc.emu`, BMC_EMU);
    const holder = await openInit(
      [...entering(lab.pid), ...unsharing(["net"]), "bash", `${SCRIPTS}/bmc-init.sh`, SCRIPTS],
      { env: NODE_ENVIRONMENT },
    );
    await network.plug(holder.pid, [{ port, name: "eth0", bridge: MANAGEMENT_BRIDGE, address }]);
    const account = { login: BMC_LOGIN, password: options.password };
    const ask = (machine: NodeName): string =>
      `. ${LAB_ROOT}/bmc/chassis.sh; chassis ${LAB_ROOT}/bmc ${DESK_SOCKET} ${name} ${powerFile(machine)}`;
    const machine = [...nodes.values()].find(({ id }) => id === bmcAt(address)?.id)?.name ?? name;
    const about = { name, machine, address, ...account, inside, outside, chassis: ask };
    const { agent } = options;
    const bmc =
      agent === "ilo" || agent === "redfish"
        ? await openTlsBmc(holder, agent, about, () => chassis(name))
        : await openBmc(holder, about);
    for (const device of names) byDevice.set(device, bmc);
  }

  async function plugAll(): Promise<void> {
    await lab.order(`cp "$scripts/chassis.sh" "$scripts/chassis.pl" "$scripts/forward.pl" ${LAB_ROOT}/bmc/`);
    const devices = options.devices.filter(({ address }) => bmcAt(address) !== undefined);
    const byAddress = Map.groupBy(devices, ({ address }) => address);
    await Promise.all(
      [...byAddress].map(([address, group], index) =>
        plug(
          address,
          group.map(({ name }) => name),
          `bmc${index}`,
        ),
      ),
    );
  }

  const desk = await openDesk(seenFromHost(lab.pid, DESK_SOCKET), chassis);
  try {
    await plugAll();
  } catch (error) {
    await desk.close();
    throw error;
  }
  return {
    byDevice,
    offCount: (node) => offCounts.get(node) ?? 0,
    async close() {
      await Promise.all([...byDevice.values()].map((bmc) => bmc.init.gone));
      await Promise.all([...new Set(byDevice.values())].map((bmc) => bmc.close()));
      await desk.close();
    },
  };
}
