/** Virtual machines of a hypervisor with libvirt. Source: Debian's fence_virsh. */
import { type AgentContext, type BuiltinAgent, problem, type Result, success } from "../frame/agent.ts";
import { definePowerAgent } from "../frame/define.ts";
import type { PowerDevice } from "../frame/device.ts";
import { adjusted, COMMON, IP, IPPORT, PASSWORD, PLUG, SUDO, USERNAME } from "../frame/library.ts";
import type { Values } from "../frame/values.ts";
import { COMMAND_PROMPT, SSH_FINGERPRINT, SSH_PARAMETERS } from "../ssh/parameters.ts";
import { SSH_PORT, targetOf } from "../ssh/settings.ts";
import { limitMs } from "../tls/address.ts";
import { discreet } from "../tls/discreet.ts";
import { createVirshDevice } from "./device.ts";

/** Units: s for one answer when shell_timeout does not say it. */
const ANSWER_SECONDS = 5;

export const VIRSH_AGENT: BuiltinAgent = definePowerAgent({
  name: "fence_virsh",
  shortdesc: "Fence agent for virsh",
  longdesc:
    "fence_virsh logs in to a hypervisor by SSH and switches one of its machines with virsh: destroy and start. " +
    "The login has to be allowed to use virsh, usually as root, or with use_sudo.",
  vendorUrl: "http://libvirt.org",
  parameters: adjusted(
    [
      ...COMMON,
      IP,
      IPPORT,
      USERNAME,
      ...PASSWORD,
      ...PLUG,
      ...SSH_PARAMETERS,
      COMMAND_PROMPT,
      ...SUDO,
      {
        name: "missing_as_off",
        type: "boolean",
        required: false,
        secret: false,
        description: "Missing port returns OFF instead of failure",
        order: 200,
      },
      SSH_FINGERPRINT,
    ],
    {
      ipport: { default: String(SSH_PORT) },
      ssh: { default: "1" },
      command_prompt: { default: "['\\\\[EXPECT\\\\]#']" },
      ssh_options: {
        default: "-t '/bin/bash -c \"PS1=\\\\[EXPECT\\\\]# /bin/bash --noprofile --norc\"'",
      },
    },
  ),
  inputRules: { login: "required", password: "required", plug: "required" },
  open,
});

async function open(values: Values, context: AgentContext): Promise<Result<PowerDevice>> {
  if (!values.isOn("ssh")) return problem("unsupported", "only SSH is built in: leave ssh at 1");
  const target = targetOf(values);
  if (!target.ok) return target;
  const sudo = values.text("sudo_path") ?? "/usr/bin/sudo";
  if (!/^\/[A-Za-z0-9_./-]+$/.test(sudo)) return problem("usage", "sudo_path is no path");
  const options = {
    target: target.value,
    prefix: values.isOn("use_sudo") ? `${sudo} -n ` : "",
    missingAsOff: values.isOn("missing_as_off"),
    answerMs: values.isGiven("shell_timeout")
      ? limitMs(values, "shell_timeout", ANSWER_SECONDS)
      : ANSWER_SECONDS * 1_000,
    orderMs: limitMs(values, "power_timeout", 20),
  };
  const { user, password = "" } = target.value;
  return success(discreet(createVirshDevice(options, context), { user, password }));
}
