/** {@link Stage} on a laboratory: real Corosync nodes, real IPMI. */
import { readFile, writeFile } from "node:fs/promises";
import { openUnixTransport } from "../adapters/http/unix-client.ts";
import { createClient } from "../api/client.ts";
import { untilStatus } from "../demo/follow.ts";
import { countWrites } from "../stories/shared-file.ts";
import type { DeviceFault, Stage, StageOptions } from "../stories/stage.ts";
import type { LabAgent } from "./agent.ts";
import type { Bmc } from "./bmc/bmc.ts";
import { clusterConf } from "./cluster-conf.ts";
import type { Disks } from "./disk/disks.ts";
import { type Lab, openLab } from "./lab.ts";
import { CLUSTER_CONF, DAEMON_LOG, nodeDisk, SHARED_FILE, seenFromHost } from "./places.ts";

export interface LabStage extends Stage {
  readonly lab: Lab;
  close(): Promise<void>;
}

export interface LabStageOptions extends StageOptions {
  readonly say: (line: string) => void;
  readonly tokenMs?: number;
  readonly agent?: LabAgent;
  /** Every daemon serves its console, inside its machine only. */
  readonly console?: true;
  /** Corosync and the controllers only, without bouncerd. */
  readonly bare?: true;
  /** Ends the lab at once, also while it is being opened. */
  readonly signal?: AbortSignal;
}

/** Order: resolves when every node that is to be on has started its daemon. */
export async function openLabStage(options: LabStageOptions): Promise<LabStage> {
  const { agent } = options;
  const base = clusterConf(options.nodes, agent);
  const lab = await openLab({
    nodes: options.nodes,
    ...(agent === undefined ? {} : { agent }),
    configuration: options.configuration?.(base) ?? base,
    daemon: options.bare === true ? "none" : options.noJoin === true ? "no-join" : "join",
    ...(options.disksCanHang === true ? { disksCanHang: true } : {}),
    ...(options.console === true ? { console: true } : {}),
    ...(options.lvm === undefined ? {} : { lvm: options.lvm }),
    ...(options.off === undefined ? {} : { off: options.off }),
    ...(options.tokenMs === undefined ? {} : { tokenMs: options.tokenMs }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    onProblem: (problem) => options.say(`lab: ${problem}`),
  });
  return { ...stageOn(lab, options.say), lab, close: () => lab.close() };
}

export function stageOn(lab: Lab, say: (line: string) => void): Stage {
  const { cabling } = lab;
  const sharedText = () => readFile(seenFromHost(lab.pid, SHARED_FILE), "utf8").catch(() => "");
  const disks = (): Disks => {
    if (lab.disks !== undefined) return lab.disks;
    throw new Error("the disks of this lab cannot hang: open it with disksCanHang");
  };
  const configOnDisk = async (node: string, suffix: string): Promise<string> =>
    seenFromHost((await lab.node(node).init()).pid, CLUSTER_CONF + suffix);
  const run: Stage["run"] = (node, command, input) => lab.run(node, command, input);

  return {
    kind: "lab",
    nodes: [...lab.nodes.keys()],
    ...(lab.lun === undefined ? {} : { device: lab.lun }),
    cut: (node) => cabling.cut(lab.node(node)),
    heal: (node) => cabling.heal(lab.node(node)),
    split: (groups) => cabling.split(groups.map((names) => names.map(lab.node))),
    healAll: () => cabling.healAll(lab.nodes.values()),
    crash: (node) => lab.crash(node),
    hang: (node) => lab.node(node).hang(),
    resume: (node) => lab.node(node).resume(),
    killDaemon: (node) => lab.software(node).stop("bouncerd", "killed"),
    startDaemon: (node) => lab.software(node).start("bouncerd"),
    async shutdown(node) {
      const software = lab.software(node);
      await software.stop("workload");
      const left = await run(node, ["bouncer", "leave"]);
      if (left.code !== 0) throw new Error(`${node} cannot leave: ${left.stderr.trim()}`);
      await software.stop("bouncerd");
      await software.stop("corosync");
      await lab.node(node).powerOff();
    },
    power: (node, state) => (state === "on" ? lab.boot(node) : lab.node(node).powerOff()),
    freezeDisk: (node) => disks().freeze(lab.node(node).name),
    thawDisk: (node) => disks().thaw(lab.node(node).name),
    deviceFault: (device, fault) => setDeviceFault(lab, device, fault),
    isPowered: async (node) => lab.node(node).power() === "on",
    offCount: async (node) => lab.controllers.offCount(node),
    writesSince: async (node, mark) => countWrites(await sharedText(), node, mark),
    mark: () => Number(process.hrtime.bigint() / 1_000n) / 1_000,
    sharedText,
    readConfig: async (node, suffix) => readFile(await configOnDisk(node, suffix), "utf8").catch(() => ""),
    writeConfig: async (node, suffix, text) =>
      writeFile(await configOnDisk(node, suffix), text, { mode: 0o640 }),
    configFile: (_node, suffix) => CLUSTER_CONF + suffix,
    run,
    status: (node) => createClient(openUnixTransport(lab.socket(node))).status(),
    until: (node, what, holds, timeoutMs) =>
      untilStatus({ socket: lab.socket(node), what: `${node}: ${what}`, holds, timeoutMs }),
    log: (node) => readFile(seenFromHost(lab.pid, `${nodeDisk(node)}/${DAEMON_LOG}`), "utf8").catch(() => ""),
    say,
  };
}

/** `blind` is made in the network of the nodes, everything else in the controller. */
async function setDeviceFault(lab: Lab, device: string, fault: DeviceFault): Promise<void> {
  const bmc = lab.controllers.byDevice.get(device);
  const known = [...lab.controllers.byDevice.keys()].join(", ");
  if (bmc === undefined) throw new Error(`there is no device ${device}; there are ${known}`);
  await lab.blindness.set(bmc.address, fault.type === "blind" ? fault.to.map(lab.node) : []);
  if (fault.type === "swapped") return swap(lab, bmc, fault.with);
  await bmc.misbehave(fault);
}

/** Both controllers answer as before, each for the machine of the other. */
async function swap(lab: Lab, bmc: Bmc, name: string): Promise<void> {
  const other = lab.controllers.byDevice.get(name);
  if (other === undefined) throw new Error(`there is no device ${name}`);
  const [one, two] = [bmc.machine, other.machine];
  await Promise.all([bmc.rewire(two), other.rewire(one)]);
}
