/** {@link Stage} on the demo's cluster: daemons on the loopback engine, simulated power. */
import { readFile, writeFile } from "node:fs/promises";
import { openUnixTransport } from "../adapters/http/unix-client.ts";
import { createClient } from "../api/client.ts";
import { countWrites } from "../stories/shared-file.ts";
import type { Stage, StageOptions } from "../stories/stage.ts";
import { type DemoCluster, openDemoCluster } from "./cluster.ts";
import { untilStatus } from "./follow.ts";
import { runTool } from "./tool.ts";

export interface DemoStage extends Stage {
  readonly cluster: DemoCluster;
  close(): Promise<void>;
}

export async function openDemoStage(options: StageOptions, say: (line: string) => void): Promise<DemoStage> {
  const cluster = await openDemoCluster({ kind: "story", ...options });
  return { ...stageOn(cluster, say), close: () => cluster.close() };
}

export function stageOn(cluster: DemoCluster, say: (line: string) => void): Omit<DemoStage, "close"> {
  const { layout, hub, unit, nodeId } = cluster;
  const machine = (name: string) => unit(name).machine;
  const socketOf = (name: string): string => machine(name).node.socket;
  const run: Stage["run"] = (node, command, input) => runTool(socketOf(node), command, input);
  const configFile: Stage["configFile"] = (node, suffix) => machine(node).node.config + suffix;
  const sharedText = (): Promise<string> => readFile(layout.shared, "utf8");

  return {
    kind: "demo",
    cluster,
    nodes: cluster.names,
    cut: async (node) => void (await hub.cut({ node: nodeId(node) })),
    heal: async (node) => void (await hub.heal({ node: nodeId(node) })),
    split: async (groups) => void (await hub.split(groups.map((group) => group.map(nodeId)))),
    healAll: async () => void (await hub.healAll()),
    crash: async (node) => void (await machine(node).powerOff()),
    hang: (node) => machine(node).hang(),
    resume: (node) => machine(node).resume(),
    killDaemon: (node) => machine(node).killDaemon(),
    startDaemon: (node) => machine(node).startDaemon(),
    async shutdown(node) {
      await machine(node).setWorkload("off");
      const left = await run(node, ["bouncer", "leave"]);
      if (left.code !== 0) throw new Error(`${node} cannot leave: ${left.stderr.trim()}`);
      await machine(node).halt();
    },
    async power(node, state) {
      if (state === "off") await machine(node).powerOff();
      else {
        await machine(node).setWorkload("on");
        await machine(node).powerOn();
      }
    },
    freezeDisk: async (node) => unit(node).disk.freeze(),
    thawDisk: async (node) => unit(node).disk.thaw(),
    deviceFault: async (device, fault) => cluster.setDeviceFault(device, fault),
    isPowered: async (node) => machine(node).isOn,
    offCount: async (node) => unit(node).ilo.offCount,
    writesSince: async (node, mark) => countWrites(await sharedText(), node, mark),
    mark: () => Number(process.hrtime.bigint() / 1_000n) / 1_000,
    sharedText,
    readConfig: (node, suffix) => readFile(configFile(node, suffix), "utf8").catch(() => ""),
    writeConfig: (node, suffix, text) => writeFile(configFile(node, suffix), text, { mode: 0o640 }),
    configFile,
    run,
    status: (node) => createClient(openUnixTransport(socketOf(node))).status(),
    until: (node, what, holds, timeoutMs) =>
      untilStatus({ socket: socketOf(node), what: `${node}: ${what}`, holds, timeoutMs }),
    log: (node) => readFile(machine(node).node.daemonLog, "utf8").catch(() => ""),
    say,
  };
}
