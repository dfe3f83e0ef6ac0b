/** Parameters of agents that speak SNMP. Source: fencing.py, all_opt, `snmp` and what depends on it. */
import type { Parameter } from "../frame/agent.ts";
import { adjusted, COMMON, IP, IPPORT, PASSWORD, PLUG, USERNAME } from "../frame/library.ts";

export const SNMP_PORT = 161;

const PLAIN = { required: false, secret: false, order: 1 } as const;

const SNMP: readonly Parameter[] = [
  {
    ...PLAIN,
    name: "snmp_version",
    short: "d",
    type: "select",
    options: ["1", "2c", "3"],
    default: "1",
    description: "Specifies SNMP version to use",
    placeholder: "[version]",
  },
  {
    ...PLAIN,
    name: "community",
    short: "c",
    type: "string",
    default: "private",
    secret: true,
    description: "Set the community string",
    placeholder: "[community]",
  },
  {
    ...PLAIN,
    name: "snmp_auth_prot",
    short: "b",
    type: "select",
    options: ["MD5", "SHA"],
    description: "Set authentication protocol",
    placeholder: "[prot]",
  },
  {
    ...PLAIN,
    name: "snmp_sec_level",
    short: "E",
    type: "select",
    options: ["noAuthNoPriv", "authNoPriv", "authPriv"],
    description: "Set security level",
    placeholder: "[level]",
  },
  {
    ...PLAIN,
    name: "snmp_priv_prot",
    short: "B",
    type: "select",
    options: ["DES", "AES"],
    description: "Set privacy protocol",
    placeholder: "[prot]",
  },
  {
    ...PLAIN,
    name: "snmp_priv_passwd",
    short: "P",
    type: "string",
    secret: true,
    description: "Set privacy protocol password",
    placeholder: "[pass]",
  },
  {
    ...PLAIN,
    name: "snmp_priv_passwd_script",
    short: "R",
    type: "string",
    description: "Script to run to retrieve privacy password",
  },
];

const TOOLS: readonly Parameter[] = ["snmpget", "snmpset", "snmpwalk"].map((tool) => ({
  ...PLAIN,
  name: `${tool}_path`,
  type: "string",
  default: `/usr/bin/${tool}`,
  description: `Path to ${tool} binary`,
  placeholder: "[path]",
  order: 300,
}));

/** Of every power switch: an address, an outlet, and SNMP. */
export const SNMP_PARAMETERS: readonly Parameter[] = adjusted(
  [...COMMON, IP, IPPORT, USERNAME, ...PASSWORD, ...PLUG, ...SNMP, ...TOOLS],
  { username: { required: false }, ipport: { default: String(SNMP_PORT) } },
);
