/** Parameters of agents that speak over TLS. Source: fencing.py, all_opt `ssl` and what depends on it. */
import type { Parameter } from "../frame/agent.ts";

const SWITCH = { type: "boolean", required: false, secret: false, order: 1 } as const;
const VERIFY = "Use SSL connection with verifying certificate";

/** Shape: `ssl` is on by default, as for every agent that knows nothing else. */
export const SSL_PARAMETERS: readonly Parameter[] = [
  { ...SWITCH, name: "ssl", short: "z", default: "1", description: VERIFY },
  { ...SWITCH, name: "ssl_insecure", description: "Use SSL connection without verifying certificate" },
  { ...SWITCH, name: "ssl_secure", description: VERIFY },
  {
    name: "gnutlscli_path",
    type: "string",
    required: false,
    secret: false,
    default: "/usr/bin/gnutls-cli",
    placeholder: "[path]",
    order: 300,
    description: "Path to gnutls-cli binary",
  },
];

/** For cards that are older than TLS 1.2. */
export const OLD_TLS_PARAMETERS: readonly Parameter[] = [
  {
    ...SWITCH,
    name: "notls",
    short: "t",
    description:
      "Disable TLS negotiation and force SSL3.0. This should only be used for devices that do not support TLS1.0 and up.",
  },
  {
    ...SWITCH,
    name: "tls1.0",
    description:
      "Disable TLS negotiation and force TLS1.0. This should only be used for devices that do not support TLS1.1 and up.",
  },
];
