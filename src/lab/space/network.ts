/**
 * The cables and switches of a lab: links between the lab's own network namespace, where the
 * bridges are, and the namespaces of nodes and controllers. The host's own network is not touched.
 */

import { mustRun } from "./command.ts";
import { entering } from "./enter.ts";

export interface Cable {
  /** Name of the end in the lab's namespace; unique in the lab. */
  readonly port: string;
  /** Name of the end in the other namespace. */
  readonly name: string;
  readonly bridge: string;
  readonly address: string;
}

export interface Network {
  /** Lays cables into the namespace of `pid` and gives the far ends their addresses. */
  plug(pid: number, cables: readonly Cable[]): Promise<void>;
  /** Pulls a cable out of the bridge, or puts it back. A cable that is not there is no error. */
  setPort(port: string, state: "up" | "down"): Promise<void>;
  /** Moves ports to a bridge, which is made when it does not exist yet. */
  movePorts(ports: readonly string[], bridge: string): Promise<void>;
}

/** `labPid` holds the namespace with the bridges. */
export function createNetwork(labPid: number): Network {
  const inLab = (...lines: readonly string[]) => ip(labPid, lines);
  const bridges = new Map<string, Promise<void>>();

  function ensureBridge(bridge: string): Promise<void> {
    const made = bridges.get(bridge) ?? inLab(`link add name ${bridge} type bridge`, `link set ${bridge} up`);
    bridges.set(bridge, made);
    return made;
  }

  return {
    async plug(pid, cables) {
      for (const { bridge } of cables) await ensureBridge(bridge);
      await inLab(
        ...cables.flatMap(({ port, name, bridge }) => [
          `link add name ${port} type veth peer name ${name} netns ${pid}`,
          `link set ${port} master ${bridge} up`,
        ]),
      );
      await ip(
        pid,
        cables.flatMap(({ name, address }) => [`addr add ${address}/24 dev ${name}`, `link set ${name} up`]),
      );
    },
    async setPort(port, state) {
      await ip(labPid, [`link set ${port} ${state}`]).catch((error: Error) => {
        if (!error.message.includes("Cannot find device")) throw error;
      });
    },
    async movePorts(ports, bridge) {
      await ensureBridge(bridge);
      if (ports.length > 0) await inLab(...ports.map((port) => `link set ${port} master ${bridge} up`));
    },
  };
}

/** One `ip -batch` in the network namespace of `pid`. Shape: lines as ip(8) takes them. */
export async function ip(pid: number, lines: readonly string[]): Promise<void> {
  const input = `${lines.join("\n")}\n`;
  await mustRun([...entering(pid, ["net"]), "ip", "-batch", "-"], { input });
}
