/** What a lab's machine has on its disk, and what it starts when it boots. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { clusterAddress } from "../addresses.ts";
import type { ClusterFacts } from "../cluster-conf.ts";
import {
  CLUSTER_CONF,
  COROSYNC_CONF,
  COROSYNC_LOG,
  DAEMON_LOG,
  DAEMON_SOCKET,
  REPOSITORY,
  STATE_DIR,
  seenFromHost,
} from "../places.ts";
import type { Init, Service } from "../space/init.ts";
import { corosyncConf } from "./corosync-conf.ts";

export interface Software {
  readonly corosync: Service;
  daemon?: Service;
}

/** What the machines run besides Corosync. */
export type DaemonStart = "none" | "join" | "no-join";

export interface Disk {
  readonly configuration: string;
  readonly facts: ClusterFacts;
  readonly tokenMs: number;
  /** Scripts that print passwords: path in the node, and the password. */
  readonly secrets: readonly { readonly path: string; readonly password: string }[];
}

/** Writes a node's files, as its administrator would have; done at every boot. */
export function writeDisk(init: Init, disk: Disk): void {
  const { facts } = disk;
  const write = (path: string, text: string, mode: number) => {
    const file = seenFromHost(init.pid, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { mode });
    chmodSync(file, mode);
  };
  const nodes = facts.nodes.map((node) => ({ ...node, address: clusterAddress(node.id) }));
  const ring = { clusterName: facts.name, nodes, tokenMs: disk.tokenMs, twoNode: facts.twoNode };
  const votes = facts.expectedVotes === undefined ? {} : { expectedVotes: facts.expectedVotes };
  write(COROSYNC_CONF, corosyncConf({ ...ring, ...votes }), 0o644);
  write(CLUSTER_CONF, disk.configuration, 0o640);
  const hosts = nodes.map((node) => `${node.address} ${node.name}\n`);
  write("/etc/hosts", ["127.0.0.1 localhost\n", ...hosts].join(""), 0o644);
  for (const { path, password } of disk.secrets) {
    write(path, `#!/bin/sh\necho '${password}'\n`, 0o700);
  }
}

/** Order: resolves when Corosync answers its clients. */
export async function startCorosync(init: Init): Promise<Service> {
  const service = await init.start("corosync", COROSYNC_LOG, ["corosync", "-f"]);
  await init.order("listens cpg");
  return service;
}

export function startDaemon(init: Init, start: Exclude<DaemonStart, "none">): Promise<Service> {
  const options = [
    ...["--config", CLUSTER_CONF, "--state-dir", STATE_DIR],
    ...["--socket", DAEMON_SOCKET, "--engine", "corosync"],
    ...(start === "join" ? ["--join"] : []),
  ];
  return init.start("bouncerd", DAEMON_LOG, [`${REPOSITORY}/bouncerd`, ...options]);
}
