/** Where things are: in the checkout, in the lab's private file system, in a node. */
import { fileURLToPath } from "node:url";

export const REPOSITORY = fileURLToPath(new URL("../../", import.meta.url)).replace(/\/$/, "");
export const SCRIPTS = fileURLToPath(new URL("./sh", import.meta.url));

/** In the command line of a lab's first process: how `lab down` finds it. */
export const LAB_MARK = "bouncer-lab-";

/** Private file system of a lab, as everything inside it sees it. */
export const LAB_ROOT = "/media";
export const DESK_SOCKET = `${LAB_ROOT}/run/desk.sock`;
export const CONTROL_SOCKET = `${LAB_ROOT}/run/control.sock`;
/** What the controllers of a machine read of its power. */
export const powerFile = (machine: string): string => `${LAB_ROOT}/run/${machine}.power`;
/** The storage that all nodes share. */
export const SHARED_FILE = `${LAB_ROOT}/shared/writes`;

/** The disk of a node, which outlives its power, and the daemon's socket on whatever boot is running. */
export const nodeDisk = (name: string): string => `${LAB_ROOT}/nodes/${name}`;
export const nodeSocket = (name: string): string => `${LAB_ROOT}/run/${name}.sock`;

/** In every node. */
export const CLUSTER_CONF = "/etc/cluster/cluster.conf";
export const COROSYNC_CONF = "/etc/corosync/corosync.conf";
export const LVM_CONF = "/etc/lvm/lvm.conf";
export const STATE_DIR = "/var/lib/bouncer";
export const DAEMON_SOCKET = "/run/bouncer/bouncerd.sock";
/** What the node's firmware says of it: the host's own would be the same for all. */
export const DMI_FOLDER = "/etc/bouncer/dmi";
export const IN_USE_HOOK = "/etc/bouncer/hooks/in-use.d/workload";
/** Present while the node's workload may write; gone with the power. */
export const WORKLOAD_PID = "/run/workload.pid";

/** On the node's disk. */
export const DAEMON_LOG = "log/bouncerd.log";
export const COROSYNC_LOG = "log/corosync.log";

/** A path inside the namespaces of `pid`, as the host reaches it. Root only. */
export function seenFromHost(pid: number, path: string): string {
  return `/proc/${pid}/root${path}`;
}

/** By this variable tests find every process of a lab. */
const TRACE = process.env["BOUNCER_LAB_TRACE"];

/** Our commands come first: `fence_tool` on a node is ours. */
export const NODE_ENVIRONMENT: NodeJS.ProcessEnv = {
  ...(TRACE === undefined ? {} : { BOUNCER_LAB_TRACE: TRACE }),
  PATH: `${REPOSITORY}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
  HOME: "/root",
  USER: "root",
  LOGNAME: "root",
  LVM_SUPPRESS_FD_WARNINGS: "1", // Whoever starts a lab may have left files open.
  LANG: "C.UTF-8",
  BOUNCER_DMI: DMI_FOLDER,
  TERM: process.env["TERM"] ?? "dumb",
};
