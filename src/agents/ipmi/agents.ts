/** The family of agents for controllers that speak IPMI. Source: Debian's fence_ipmilan and its links. */
import type { BuiltinAgent, Parameter } from "../frame/agent.ts";
import { definePowerAgent } from "../frame/define.ts";
import {
  adjusted,
  COMMON,
  IP,
  IPPORT,
  METHOD,
  PASSWORD,
  PLUG_AS_ADDRESS,
  SUDO,
  USERNAME,
} from "../frame/library.ts";
import { failureText, TEXT } from "../frame/texts.ts";
import { openChassis } from "./chassis.ts";

const SHORTDESC = "Fence agent for IPMI";
const LONGDESC =
  "Switches machines through their management controller by IPMI over the network (RMCP+ with lanplus, " +
  "IPMI 1.5 without). Built into Bouncer: needs no ipmitool. With method=cycle the device is only asked to " +
  "cut the power for a moment, and nobody sees that it did: leave it at onoff.";

const PLAIN = { required: false, secret: false } as const;

const OWN: readonly Parameter[] = [
  {
    ...PLAIN,
    name: "lanplus",
    short: "P",
    type: "boolean",
    default: "0",
    description: "Use Lanplus to improve security of connection",
    order: 1,
  },
  {
    ...PLAIN,
    name: "auth",
    short: "A",
    type: "select",
    options: ["md5", "password", "none"],
    description: "IPMI Lan Auth type.",
    placeholder: "[auth]",
    order: 1,
  },
  {
    ...PLAIN,
    name: "cipher",
    short: "C",
    type: "string",
    description: "Ciphersuite to use (same as ipmitool -C parameter)",
    placeholder: "[cipher]",
    order: 1,
  },
  {
    ...PLAIN,
    name: "privlvl",
    short: "L",
    type: "select",
    options: ["callback", "user", "operator", "administrator"],
    default: "administrator",
    description: "Privilege level on IPMI device",
    placeholder: "[level]",
    order: 1,
  },
  {
    ...PLAIN,
    name: "ipmitool_path",
    type: "string",
    default: "/usr/bin/ipmitool",
    description: "Path to ipmitool binary",
    placeholder: "[path]",
    order: 200,
  },
  {
    ...PLAIN,
    name: "ipmitool_timeout",
    type: "string",
    default: "2",
    description: "Timeout (sec) for IPMI operation",
    placeholder: "[timeout]",
    order: 201,
  },
  {
    ...PLAIN,
    name: "target",
    type: "string",
    description: "Bridge IPMI requests to the remote target address",
    placeholder: "[targetaddress]",
    order: 1,
  },
  {
    ...PLAIN,
    name: "hexadecimal_kg",
    type: "string",
    secret: true,
    description: "Hexadecimal-encoded Kg key for IPMIv2 authentication",
    placeholder: "[key]",
    order: 1,
  },
];

const PARAMETERS = adjusted(
  [...COMMON, IP, IPPORT, USERNAME, ...PASSWORD, ...PLUG_AS_ADDRESS, METHOD, ...SUDO, ...OWN],
  {
    ip: { required: false },
    ipport: { default: "623" },
    username: { required: false },
    power_wait: { default: "2" },
  },
);

const NAMES: readonly (readonly [name: string, shortdesc: string])[] = [
  ["fence_ilo3", "Fence agent for HP iLO3"],
  ["fence_ilo4", "Fence agent for HP iLO4"],
  ["fence_ilo5", "Fence agent for HP iLO5"],
  ["fence_ipmilanplus", "Fence agent for IPMIv2 lanplus"],
  ["fence_imm", "Fence agent for IBM Integrated Management Module"],
  ["fence_idrac", "Fence agent for Dell iDRAC"],
];

const LANPLUS = { lanplus: { default: "1" } } as const;
const DEFAULTS: Readonly<Record<string, Readonly<Record<string, { readonly default: string }>>>> = {
  fence_ilo3: { ...LANPLUS, power_wait: { default: "4" } },
  fence_ilo4: LANPLUS,
  fence_ilo5: LANPLUS,
  fence_ipmilanplus: LANPLUS,
};

export const IPMI_AGENTS: readonly BuiltinAgent[] = ["fence_ipmilan", ...NAMES.map(([name]) => name)].map(
  (name) =>
    definePowerAgent({
      name,
      shortdesc: SHORTDESC,
      longdesc: LONGDESC,
      symlinks: NAMES,
      parameters: adjusted(PARAMETERS, DEFAULTS[name] ?? {}),
      moreActions: ["diag"],
      inputRules: { login: "optional", password: "optional", plug: "address" },
      open: openChassis,
      // Whatever keeps it from a status, the original only sees that its tool printed none.
      failureText: (problem, phase) => {
        if (phase === "status" && problem.kind !== "timeout" && problem.kind !== "cancelled")
          return TEXT.status;
        return failureText(problem, phase);
      },
    }),
);
