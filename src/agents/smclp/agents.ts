/** Cards by their command line over SSH. Source: Debian's fence_ilo_ssh and fence_ilo_mp. */
import {
  type AgentContext,
  type BuiltinAgent,
  type Parameter,
  problem,
  type Result,
  success,
} from "../frame/agent.ts";
import { definePowerAgent } from "../frame/define.ts";
import type { PowerDevice } from "../frame/device.ts";
import {
  adjusted,
  COMMON,
  IP,
  IPPORT,
  METHOD,
  PASSWORD,
  PLUG_AS_ADDRESS,
  USERNAME,
} from "../frame/library.ts";
import type { Values } from "../frame/values.ts";
import { COMMAND_PROMPT, SSH_FINGERPRINT, SSH_PARAMETERS } from "../ssh/parameters.ts";
import { targetOf } from "../ssh/settings.ts";
import { limitMs } from "../tls/address.ts";
import { discreet } from "../tls/discreet.ts";
import { type Commands, createSmclpDevice } from "./device.ts";

const PROMPT = /(MP>|hpiLO->)[ \t]*$/;
const TELNET_PORT = "23";
/** Units: s for one answer when shell_timeout does not say it: iLO takes its time to find words. */
const ANSWER_SECONDS = 5;

const ILO: Commands = {
  enter: undefined,
  on: "start /system1",
  off: "power off hard",
  cycle: "reset /system1 hard",
};
const MP: Commands = { enter: "SMCLP", on: "start /system1", off: "stop -f /system1", cycle: undefined };

const TELNET: Parameter = {
  name: "telnet_path",
  type: "string",
  required: false,
  secret: false,
  default: "/usr/bin/telnet",
  description: "Path to telnet binary",
  placeholder: "[path]",
  order: 300,
};

const PARAMETERS: readonly Parameter[] = adjusted(
  [
    ...COMMON,
    IP,
    IPPORT,
    USERNAME,
    ...PASSWORD,
    ...PLUG_AS_ADDRESS,
    ...SSH_PARAMETERS,
    COMMAND_PROMPT,
    TELNET,
    SSH_FINGERPRINT,
  ],
  {
    ip: { required: false },
    ipport: { default: TELNET_PORT },
    power_wait: { default: "5" },
    command_prompt: { default: "['MP>', 'hpiLO->']" },
  },
);

function opener(commands: Commands) {
  return async (values: Values, context: AgentContext): Promise<Result<PowerDevice>> => {
    if (!values.isOn("ssh")) {
      return problem(
        "unsupported",
        "telnet, which tells the password to everybody, is not built in: set ssh=1",
      );
    }
    const target = targetOf(values);
    if (!target.ok) return target;
    const prompt = promptOf(values);
    if (!prompt.ok) return prompt;
    const answerMs = values.isGiven("shell_timeout")
      ? limitMs(values, "shell_timeout", ANSWER_SECONDS)
      : ANSWER_SECONDS * 1_000;
    const orderMs = limitMs(values, "power_timeout", 20);
    const options = { target: target.value, commands, prompt: prompt.value, answerMs, orderMs };
    const { user, password = "" } = target.value;
    return success(discreet(createSmclpDevice(options, context), { user, password }));
  };
}

function promptOf(values: Values): Result<RegExp> {
  if (!values.isGiven("command_prompt")) return success(PROMPT);
  try {
    return success(new RegExp(`(?:${values.text("command_prompt") ?? ""})[ \\t]*$`));
  } catch {
    return problem("usage", "command_prompt is no regular expression");
  }
}

const RULES = { login: "required", password: "required", plug: "address" } as const;

function ilo(name: string): BuiltinAgent {
  return definePowerAgent({
    name,
    shortdesc: "Fence agent for HP iLO over SSH",
    longdesc:
      `${name} switches a machine through the command line of its iLO, over SSH. The other agents for iLO ` +
      "(RIBCL, IPMI, Redfish) are quicker and tell more: use this one where only SSH is open.",
    vendorUrl: "http://www.hp.com",
    symlinks: [
      ["fence_ilo3_ssh", "Fence agent for HP iLO3 over SSH"],
      ["fence_ilo4_ssh", "Fence agent for HP iLO4 over SSH"],
      ["fence_ilo5_ssh", "Fence agent for HP iLO5 over SSH"],
    ],
    parameters: [...PARAMETERS, METHOD],
    inputRules: RULES,
    open: opener(ILO),
  });
}

export const SMCLP_AGENTS: readonly BuiltinAgent[] = [
  ilo("fence_ilo_ssh"),
  ilo("fence_ilo3_ssh"),
  ilo("fence_ilo4_ssh"),
  ilo("fence_ilo5_ssh"),
  definePowerAgent({
    name: "fence_ilo_mp",
    shortdesc: "Fence agent for HP iLO MP",
    longdesc: "fence_ilo_mp switches an Integrity machine through the command line of its MP, over SSH.",
    vendorUrl: "http://www.hp.com",
    parameters: PARAMETERS,
    inputRules: RULES,
    open: opener(MP),
  }),
];
