/**
 * The block device that all nodes of a lab share, and the `lvm.conf` with which LVM sees it and nothing
 * else: a loop device on a file in the lab's memory.
 */
import { readFileSync } from "node:fs";
import { LAB_ROOT, SCRIPTS, seenFromHost } from "../places.ts";
import type { Init } from "../space/init.ts";

/** Sparse: what is not written takes no memory. */
const LUN_SIZE = "64G";
const LUN_FILE = `${LAB_ROOT}/shared/lun`;
const LUN_NAME = `${LAB_ROOT}/shared/lun-device`;

/**
 * The lab's first process keeps the device open, and it is to go with its last user: so it ends with
 * the lab, however that ends.
 */
export async function openLun(lab: Init): Promise<string> {
  const steps = [
    `truncate -s ${LUN_SIZE} ${LUN_FILE}`,
    `losetup --find --show ${LUN_FILE} >${LUN_NAME}`,
    `exec 9<>"$(<${LUN_NAME})"`,
    `losetup --detach "$(<${LUN_NAME})"`,
  ];
  await lab.order(steps.join(" && "));
  return readFileSync(seenFromHost(lab.pid, LUN_NAME), "utf8").trim();
}

/** In a node: what it has mapped is its own, not its kernel's. */
export const PRIVATE_DEVICE_MAPPER = `mount --bind ${SCRIPTS}/dmsetup.sh "$(command -v dmsetup)"`;

/**
 * Nothing is mapped: the nodes share one kernel, and what one of them activated would be there on all.
 * LVM asks for all its locks and writes all its metadata as ever.
 */
export function lvmConf(device: string): string {
  return `devices {
  scan = [ "/dev" ]
  filter = [ "a|^${device}$|", "r|.*|" ]
  use_devicesfile = 0
  obtain_device_list_from_udev = 0
  external_device_info_source = "none"
  hints = "none"
}
global {
  use_lvmlockd = 1
  activation = 0
}
activation {
  udev_sync = 0
  udev_rules = 0
  monitoring = 0
}
backup {
  backup = 0
  archive = 0
}
`;
}
