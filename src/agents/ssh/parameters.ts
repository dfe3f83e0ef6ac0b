/** Parameters of agents that log in by SSH. Source: fencing.py, all_opt `secure` and what depends on it. */
import type { Parameter } from "../frame/agent.ts";

const PLAIN = { required: false, secret: false, order: 1 } as const;

export const SSH_PARAMETERS: readonly Parameter[] = [
  { ...PLAIN, name: "ssh", alias: "secure", short: "x", type: "boolean", description: "Use SSH connection" },
  {
    ...PLAIN,
    name: "ssh_options",
    type: "string",
    description: "SSH options to use",
    placeholder: "[options]",
  },
  {
    ...PLAIN,
    name: "identity_file",
    short: "k",
    type: "string",
    description: "Identity file (private key) for SSH",
    placeholder: "[filename]",
  },
  {
    ...PLAIN,
    name: "inet4_only",
    short: "4",
    type: "boolean",
    description: "Forces agent to use IPv4 addresses only",
  },
  {
    ...PLAIN,
    name: "inet6_only",
    short: "6",
    type: "boolean",
    description: "Forces agent to use IPv6 addresses only",
  },
  {
    ...PLAIN,
    name: "ssh_path",
    type: "string",
    default: "/usr/bin/ssh",
    description: "Path to ssh binary",
    placeholder: "[path]",
    order: 300,
  },
];

/** Ours alone. */
export const SSH_FINGERPRINT: Parameter = {
  ...PLAIN,
  name: "ssh_fingerprint",
  type: "string",
  description:
    "Fingerprint of the host key that the device has to show: SHA256:..., as ssh-keygen -l prints it",
  placeholder: "[fingerprint]",
};

export const COMMAND_PROMPT: Parameter = {
  ...PLAIN,
  name: "command_prompt",
  alias: "cmd_prompt",
  short: "c",
  type: "string",
  description: "Force Python regex for command prompt",
  placeholder: "[prompt]",
};
