/**
 * The cables and switches of a lab: links between the lab's own network namespace, where the
 * bridges are, and the namespaces of nodes and controllers. The host's own network is not touched.
 */

import { runCommand } from "./command.ts";
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
  /**
   * Runs one piece of rewiring at a time. Whoever decides by what is plugged where, and then
   * changes it, does both in one turn.
   */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  /** Lays cables into the namespace of `pid` and gives the far ends their addresses. */
  plug(pid: number, cables: readonly Cable[]): Promise<void>;
  /** Pulls a cable out of the bridge, or puts it back. A cable that is not there is no error. */
  setPort(port: string, state: "up" | "down"): Promise<void>;
  /** Moves ports to a bridge, which is made when it does not exist yet. Ports that are gone are no error. */
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

  let turn: Promise<unknown> = Promise.resolve();

  return {
    inTurn(work) {
      const result = turn.then(work);
      turn = result.catch(() => {}); // Whoever asked gets the failure; the next one starts anew.
      return result;
    },
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
    setPort: (port, state) => ip(labPid, [`link set ${port} ${state}`], { missing: "ignored" }),
    async movePorts(ports, bridge) {
      await ensureBridge(bridge);
      const moves = ports.map((port) => `link set ${port} master ${bridge} up`);
      await ip(labPid, moves, { missing: "ignored" });
    },
  };
}

/**
 * One `ip -batch` in the network namespace of `pid`. Shape: lines as ip(8) takes them. With
 * `missing: "ignored"` a device that is gone, with the power of its node, is passed over.
 */
export async function ip(
  pid: number,
  lines: readonly string[],
  options: { readonly missing: "ignored" | "refused" } = { missing: "refused" },
): Promise<void> {
  const force = options.missing === "ignored" ? ["-force"] : [];
  const argv = [...entering(pid, ["net"]), "ip", ...force, "-batch", "-"];
  const { code, stderr } = await runCommand(argv, { input: `${lines.join("\n")}\n` });
  if (code === 0) return;
  const serious = stderr
    .split("\n")
    .filter((line) => line !== "" && !/^Command failed|Cannot find device/.test(line));
  if (options.missing === "ignored" && serious.length === 0) return;
  throw new Error(`ip ended with ${code} for \`${lines.join("; ")}\`: ${stderr.trim()}`);
}
