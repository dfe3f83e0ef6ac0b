import type { Parameter } from "../frame/agent.ts";
import { adjusted, COMMON, PLUG } from "../frame/library.ts";

const PLAIN = { required: false, secret: false } as const;

function program(name: string, standard: string, what: string, long?: string): Parameter {
  return {
    ...PLAIN,
    name,
    ...(long === undefined ? {} : { long }),
    type: "string",
    default: standard,
    placeholder: "[path]",
    description: `Path to ${what} binary`,
    order: 300,
  };
}

export const SCSI_PARAMETERS: readonly Parameter[] = adjusted(
  [
    ...COMMON,
    ...PLUG.filter(({ name }) => name === "plug"),
    {
      ...PLAIN,
      name: "aptpl",
      short: "a",
      type: "boolean",
      description: "Use the APTPL flag for registrations. This option is only used for the 'on' action.",
      order: 1,
    },
    {
      ...PLAIN,
      name: "devices",
      short: "d",
      type: "string",
      placeholder: "[devices]",
      description:
        "List of devices to use for current operation. Devices can be comma-separated list of raw devices (eg. " +
        "/dev/sdc). Each device must support SCSI-3 persistent reservations.",
      order: 1,
    },
    {
      ...PLAIN,
      name: "key",
      short: "k",
      type: "string",
      placeholder: "[key]",
      description:
        'Key to use for the current operation. This key should be unique to a node. For the "on" action, the key ' +
        'specifies the key use to register the local node. For the "off" action, this key specifies the key to be ' +
        "removed from the device(s).",
      order: 1,
    },
    {
      ...PLAIN,
      name: "nodename",
      type: "string",
      hidden: true,
      placeholder: "[nodename]",
      description: "Name of the node, as daemons give it; the same as plug",
      order: 1,
    },
    { ...PLAIN, name: "readonly", type: "boolean", description: "Open DEVICE read-only.", order: 4 },
    {
      ...PLAIN,
      name: "suppress_errors",
      alias: "suppress-errors",
      type: "boolean",
      description: "Error log suppression.",
      order: 5,
    },
    {
      ...PLAIN,
      name: "logfile",
      short: "f",
      type: "string",
      description: "Log output (stdout and stderr) to file",
      order: 6,
    },
    program("corosync_cmap_path", "/usr/sbin/corosync-cmapctl", "corosync-cmapctl"),
    {
      ...PLAIN,
      name: "key_value",
      type: "string",
      default: "id",
      placeholder: "<id|hash>",
      description:
        'Method used to generate the SCSI key. "id" (default) uses the positional ID from "corosync-cmactl nodelist" ' +
        'output which can get inconsistent when nodes are removed from cluster without full cluster restart. "hash" ' +
        "uses part of hash made out of node names which is not affected over time but there is theoretical chance " +
        "that hashes can collide as size of SCSI key is quite limited.",
      order: 300,
    },
    program("sg_persist_path", "/usr/bin/sg_persist", "sg_persist", "sg_persist-path"),
    program("sg_turs_path", "/usr/bin/sg_turs", "sg_turs", "sg_turs-path"),
    program("vgs_path", "/sbin/vgs", "vgs"),
  ],
  {
    action: { default: "off" },
    plug: {
      placeholder: "[nodename]",
      description:
        "Name of the node to be fenced. The node name is used to generate the key value used for the current " +
        "operation. This option will be ignored when used with the -k option.",
    },
  },
);
