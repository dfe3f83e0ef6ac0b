/** What runs on a machine of the lab, from one boot to the end of its power. */
import type { NodeId, NodeName } from "../../core/ids.ts";
import {
  CLUSTER_CONF,
  COROSYNC_LOG,
  DAEMON_LOG,
  DAEMON_SOCKET,
  nodeDisk,
  REPOSITORY,
  SHARED_FILE,
  STATE_DIR,
  WORKLOAD_PID,
} from "../places.ts";
import type { Init, Service } from "../space/init.ts";

/** What the machines run besides Corosync: nothing, or bouncerd (which joins, or not) and a workload. */
export type DaemonStart = "none" | "join" | "no-join";

/** Where each machine serves its console, when the lab was opened with one. */
export const CONSOLE_AT = "127.0.0.1:8442";

/** Who answers LVM's commands on the machines. */
export type LvmLocks = "bouncerd" | "grant-everything";

export type ServiceName = "corosync" | "bouncerd" | "workload" | "grant-everything";

export interface Software {
  /** Order: resolves when it runs. Does nothing when it runs already. */
  start(service: ServiceName): Promise<void>;
  /** Ends a service in an orderly way (SIGTERM, after ten seconds SIGKILL), or at once. */
  stop(service: ServiceName, how?: "orderly" | "killed"): Promise<void>;
}

/** Units: ms. */
const TERM_MS = 10_000;

export function createSoftware(
  machine: Init,
  node: {
    readonly id: NodeId;
    readonly name: NodeName;
    readonly joins: boolean;
    readonly console?: true;
    readonly lvm?: LvmLocks;
  },
): Software {
  const running = new Map<ServiceName, Service>();
  const disk = nodeDisk(node.name);
  const runtime = `${REPOSITORY}/node_modules/.bin/node`;
  const commands: Record<ServiceName, { readonly log: string; readonly command: readonly string[] }> = {
    corosync: { log: COROSYNC_LOG, command: ["corosync", "-f"] },
    bouncerd: {
      log: DAEMON_LOG,
      command: [
        `${REPOSITORY}/bouncerd`,
        ...["--config", CLUSTER_CONF, "--state-dir", STATE_DIR, "--socket", DAEMON_SOCKET],
        ...["--engine", "corosync", ...(node.joins ? ["--join"] : [])],
        ...(node.lvm === "bouncerd" ? ["--lvm", "/run"] : []),
        ...(node.console === true ? ["--listen", CONSOLE_AT] : []),
      ],
    },
    workload: {
      log: "log/workload.log",
      command: [
        ...[runtime, `${REPOSITORY}/src/demo/workload.ts`, "--node", node.name, "--id", String(node.id)],
        ...["--socket", DAEMON_SOCKET, "--shared", SHARED_FILE, "--pid-file", WORKLOAD_PID],
      ],
    },
    "grant-everything": {
      log: "log/grant-everything.log",
      command: [runtime, `${REPOSITORY}/src/lab/lvm/grant-everything.ts`, "/run"],
    },
  };

  return {
    async start(name) {
      if (running.has(name)) return;
      const { log, command } = commands[name];
      const service = await machine.start(name, `${disk}/${log}`, command);
      running.set(name, service);
      void service.ended.then(() => running.get(name) === service && running.delete(name));
      if (name === "corosync") await machine.order("listens cpg");
    },
    async stop(name, how = "orderly") {
      const service = running.get(name);
      if (service === undefined) return;
      const send = (signal: string, target: string) => machine.order(`kill -${signal} -- ${target} || true`);
      if (how === "killed") {
        await send("KILL", `-${service.pid}`);
      } else {
        await send("TERM", String(service.pid));
        const limit = AbortSignal.timeout(TERM_MS);
        limit.addEventListener("abort", () => {
          if (running.get(name) === service) void send("KILL", `-${service.pid}`).catch(() => {});
        });
      }
      await Promise.race([service.ended, machine.gone]);
    },
  };
}

/** Order: Corosync, and only when it answers its clients, the rest. */
export async function startAll(software: Software, daemon: DaemonStart, lvm?: LvmLocks): Promise<void> {
  await software.start("corosync");
  if (lvm === "grant-everything") await software.start(lvm);
  if (daemon === "none") return;
  await software.start("bouncerd");
  await software.start("workload");
}
