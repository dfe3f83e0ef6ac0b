/** Machines of Proxmox VE, for clusters inside of one. Source: Debian's fence_pve. */
import { type AgentContext, type BuiltinAgent, problem, type Result, success } from "../frame/agent.ts";
import { definePowerAgent } from "../frame/define.ts";
import type { PowerDevice } from "../frame/device.ts";
import { adjusted, COMMON, IP, IPPORT, METHOD, PASSWORD, PLUG, USERNAME } from "../frame/library.ts";
import type { Values } from "../frame/values.ts";
import { addressOf, limitMs } from "../tls/address.ts";
import { discreet } from "../tls/discreet.ts";
import { SSL_PARAMETERS } from "../tls/parameters.ts";
import { TRUST_PARAMETERS, trustOf } from "../tls/trust.ts";
import type { PveLogin } from "./api.ts";
import { createPveDevice, isHostName } from "./device.ts";

const PORT = 8006;
/** Units: s for one answer when shell_timeout does not say it. */
const ANSWER_SECONDS = 10;

const PLAIN = { required: false, secret: false, order: 2 } as const;

export const PVE_AGENT: BuiltinAgent = definePowerAgent({
  name: "fence_pve",
  shortdesc: "Fencing agent for the Proxmox Virtual Environment",
  longdesc:
    "fence_pve switches machines of Proxmox VE through its API, with a password or an API token. The account " +
    "needs VM.PowerMgmt and VM.Audit on the machine. With pve_node_auto the machine is found wherever it is.",
  vendorUrl: "http://www.proxmox.com/",
  parameters: adjusted(
    [
      ...COMMON,
      IP,
      IPPORT,
      USERNAME,
      ...PASSWORD,
      ...PLUG,
      ...SSL_PARAMETERS,
      METHOD,
      {
        ...PLAIN,
        name: "pve_node_auto",
        short: "A",
        type: "boolean",
        description: "Automatically select proxmox node. (This option overrides --pve-node)",
      },
      {
        ...PLAIN,
        name: "pve_node",
        short: "N",
        type: "string",
        placeholder: "[node_name]",
        description:
          "Proxmox node name on which machine is located. (Must be specified if not using --pve-node-auto)",
      },
      {
        ...PLAIN,
        name: "nodename",
        alias: "node_name",
        type: "string",
        description: "Replaced by --pve-node",
        order: 3,
      },
      {
        ...PLAIN,
        name: "vmtype",
        type: "string",
        default: "qemu",
        required: true,
        description: "Virtual machine type lxc or qemu. (Default: qemu)",
      },
      ...TRUST_PARAMETERS,
    ],
    {
      ip: { description: "IP Address or Hostname of a node within the Proxmox cluster." },
      ipport: { default: String(PORT) },
      username: { default: "root@pam" },
      plug: { description: "Id of the virtual machine." },
    },
  ),
  inputRules: { login: "required", password: "required", plug: "required" },
  open,
});

async function open(values: Values, context: AgentContext): Promise<Result<PowerDevice>> {
  const address = addressOf(values, PORT);
  if (!address.ok) return address;
  const trust = trustOf(values);
  if (!trust.ok) return trust;
  const vmType = values.choice("vmtype");
  if (vmType !== "qemu" && vmType !== "lxc") return problem("usage", "vmtype is qemu or lxc");
  const named = values.text("pve_node") ?? values.text("nodename") ?? "";
  const isAuto = values.isOn("pve_node_auto");
  if (!isAuto && named === "") {
    return problem("usage", "At least one of pve-node-auto or pve-node must be supplied");
  }
  if (!isAuto && !isHostName(named)) return problem("usage", "pve_node is no name of a host");
  const [user, password] = [values.text("username") ?? "", values.text("password") ?? ""];
  const login: PveLogin = user.includes("!")
    ? { type: "token", id: user, secret: password }
    : { type: "password", user, password };
  if (login.type === "token" && !/^[\x21-\x7e]+$/.test(user + password)) {
    return problem("usage", "an API token is user@realm!name, and its secret a UUID");
  }
  const options = {
    target: {
      ...address.value,
      trust: trust.value,
      profile: trust.value.type === "authority" ? ("modern" as const) : ("lenient" as const),
      connectMs: limitMs(values, "login_timeout", 5),
    },
    login,
    node: isAuto ? undefined : named,
    vmType,
    answerMs: values.isGiven("shell_timeout")
      ? limitMs(values, "shell_timeout", ANSWER_SECONDS)
      : ANSWER_SECONDS * 1_000,
  } as const;
  return success(discreet(createPveDevice(options, context), { user, password }));
}
