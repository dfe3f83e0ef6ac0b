/** Machines of QEMU by their monitor's socket, for clusters on one host. Fence-agents has no such agent. */
import { type AgentContext, type BuiltinAgent, problem, type Result, success } from "../frame/agent.ts";
import { definePowerAgent } from "../frame/define.ts";
import type { PowerDevice } from "../frame/device.ts";
import { adjusted, COMMON, IP, IPPORT, PLUG } from "../frame/library.ts";
import type { Values } from "../frame/values.ts";
import { addressOf, limitMs } from "../tls/address.ts";
import { createQmp, type QmpAddress } from "./client.ts";
import { createQmpDevice } from "./device.ts";

const PORT = 4_444;
/** Units: s for one answer when shell_timeout does not say it. */
const ANSWER_SECONDS = 5;

export const QMP_AGENT: BuiltinAgent = definePowerAgent({
  name: "fence_qmp",
  shortdesc: "Fence agent for machines of QEMU, by their monitor",
  longdesc:
    "fence_qmp switches a machine of QEMU through its monitor (-qmp unix:PATH,server=on,wait=off). Off stops and resets " +
    "the machine and leaves it there: nothing of the old run goes on. On lets it start. Nobody asks the guest.",
  vendorUrl: "https://www.qemu.org",
  parameters: adjusted(
    [
      ...COMMON,
      IP,
      IPPORT,
      {
        name: "qmp_socket",
        type: "string",
        required: false,
        secret: false,
        placeholder: "[path]",
        description: "Unix socket of the monitor, in the place of an address",
        order: 1,
      },
      ...PLUG.filter(({ name }) => name === "plug"),
      {
        name: "missing_as_off",
        type: "boolean",
        required: false,
        secret: false,
        description: "No QEMU at the Unix socket counts as off instead of a failure",
        order: 200,
      },
    ],
    {
      ip: { required: false, description: "IP address or hostname of the monitor" },
      ipport: { default: String(PORT) },
      plug: {
        required: false,
        description: "Name or UUID of the machine: when it is another one, nothing is done",
      },
    },
  ),
  inputRules: { login: "optional", password: "optional", plug: "none", address: "optional" },
  open,
});

async function open(values: Values, context: AgentContext): Promise<Result<PowerDevice>> {
  const address = placeOf(values);
  if (!address.ok) return address;
  const missingAsOff = values.isOn("missing_as_off");
  if (missingAsOff && address.value.type !== "socket") {
    return problem("usage", "missing_as_off is for qmp_socket: of a port it is not known who is missing");
  }
  const answerMs = values.isGiven("shell_timeout")
    ? limitMs(values, "shell_timeout", ANSWER_SECONDS)
    : ANSWER_SECONDS * 1_000;
  return success(createQmpDevice({ qmp: createQmp(address.value, answerMs, context), missingAsOff }));
}

function placeOf(values: Values): Result<QmpAddress> {
  const path = values.text("qmp_socket");
  const hasAddress = values.text("ip") !== undefined;
  if (path === undefined) {
    if (!hasAddress) return problem("usage", "Failed: You have to enter fence address: qmp_socket, or ip");
    const address = addressOf(values, PORT);
    return address.ok ? success({ type: "port", ...address.value }) : address;
  }
  if (hasAddress) return problem("usage", "qmp_socket and ip exclude one another");
  if (!/^\/[^\0\r\n]{1,106}$/.test(path)) return problem("usage", "qmp_socket is no path of a socket");
  return success({ type: "socket", path });
}
