/** What lies on the disk of a lab's node: its administrator's files. */
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { clusterAddress } from "../addresses.ts";
import type { ClusterFacts } from "../cluster-conf.ts";
import { lvmConf } from "../lvm/lun.ts";
import {
  CLUSTER_CONF,
  COROSYNC_CONF,
  DAEMON_SOCKET,
  DMI_FOLDER,
  IN_USE_HOOK,
  LVM_CONF,
  SHARED_FILE,
  seenFromHost,
  WORKLOAD_PID,
} from "../places.ts";
import type { Init } from "../space/init.ts";
import { corosyncConf } from "./corosync-conf.ts";

export interface DiskContents {
  readonly configuration: string;
  readonly facts: ClusterFacts;
  readonly tokenMs: number;
  /** What the firmware says. */
  readonly machine: { readonly serial: string; readonly uuid: string };
  /** The shared block device; absent: none, and LVM is left alone. */
  readonly lun?: string;
  /** Scripts that print passwords: path in the node, and the password. */
  readonly secrets: readonly { readonly path: string; readonly password: string }[];
}

/** Tells the daemon that the storage is in use while the node's workload lives. */
const IN_USE = `#!/bin/sh
pid=$(cat ${WORKLOAD_PID} 2>/dev/null) || exit 0
kill -0 "$pid" 2>/dev/null || exit 0
echo "the workload (process $pid) writes to ${SHARED_FILE}"
`;

/** Writes the files of the machine whose init is `machine`. Done at every boot: the same every time. */
export function writeDisk(machine: Init, contents: DiskContents): void {
  const { facts } = contents;
  const write = (path: string, text: string, mode: number) => {
    const file = seenFromHost(machine.pid, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { mode });
    chmodSync(file, mode);
  };
  const nodes = facts.nodes.map((node) => ({ ...node, address: clusterAddress(node.id) }));
  const ring = { clusterName: facts.name, nodes, tokenMs: contents.tokenMs, twoNode: facts.twoNode };
  const votes = facts.expectedVotes === undefined ? {} : { expectedVotes: facts.expectedVotes };
  write(COROSYNC_CONF, corosyncConf({ ...ring, ...votes }), 0o644);
  write(CLUSTER_CONF, contents.configuration, 0o640);
  const hosts = nodes.map((node) => `${node.address} ${node.name}\n`);
  write("/etc/hosts", ["127.0.0.1 localhost\n", ...hosts].join(""), 0o644);
  if (contents.lun !== undefined) write(LVM_CONF, lvmConf(contents.lun), 0o644);
  write(IN_USE_HOOK, IN_USE, 0o755);
  write(`${DMI_FOLDER}/product_serial`, `${contents.machine.serial}\n`, 0o400);
  write(`${DMI_FOLDER}/product_uuid`, `${contents.machine.uuid}\n`, 0o400);
  for (const { path, password } of contents.secrets) {
    write(path, `#!/bin/sh\necho '${password}'\n`, 0o700);
  }
}

/** Lets `link` (as the host sees it) lead to the daemon's socket of this boot of the machine. */
export function linkSocket(machine: Init, link: string): void {
  rmSync(link, { force: true });
  symlinkSync(seenFromHost(machine.pid, DAEMON_SOCKET), link);
}
