/** fence_ilo and fence_ilo2: HP iLO 1 and 2, which speak RIBCL over bare TLS. */
import type { AgentContext, BuiltinAgent, Parameter, Result } from "../frame/agent.ts";
import { problem, success } from "../frame/agent.ts";
import { definePowerAgent } from "../frame/define.ts";
import type { PowerDevice } from "../frame/device.ts";
import { adjusted, COMMON, IP, IPPORT, PASSWORD, PLUG_AS_ADDRESS, USERNAME } from "../frame/library.ts";
import type { Values } from "../frame/values.ts";
import { addressOf, limitMs } from "../tls/address.ts";
import { discreet } from "../tls/discreet.ts";
import { OLD_TLS_PARAMETERS, SSL_PARAMETERS } from "../tls/parameters.ts";
import type { TlsProfile } from "../tls/profile.ts";
import { TRUST_PARAMETERS, type Trust, trustOf } from "../tls/trust.ts";
import { createRibclDevice } from "./device.ts";
import { loginProblem } from "./script.ts";

const PORT = 443;

const RIBCL_VERSION: Parameter = {
  name: "ribcl_version",
  alias: "ribcl",
  short: "r",
  type: "string",
  required: false,
  secret: false,
  placeholder: "[version]",
  order: 1,
  description: "Force ribcl version to use",
};

const PARAMETERS: readonly Parameter[] = adjusted(
  [
    ...COMMON,
    IP,
    IPPORT,
    USERNAME,
    ...PASSWORD,
    ...PLUG_AS_ADDRESS,
    ...SSL_PARAMETERS,
    ...OLD_TLS_PARAMETERS,
    RIBCL_VERSION,
    ...TRUST_PARAMETERS,
  ],
  {
    ip: { required: false },
    ipport: { default: String(PORT) },
    login_timeout: { default: "10" },
    retry_on: { default: "3" },
  },
);

export const RIBCL_AGENTS: readonly BuiltinAgent[] = ["fence_ilo", "fence_ilo2"].map((name) =>
  definePowerAgent({
    name,
    shortdesc: "Fence agent for HP iLO",
    longdesc:
      "fence_ilo is an I/O Fencing agent used for HP servers with the Integrated Light Out (iLO) PCI card." +
      "The agent opens an SSL connection to the iLO card. Once the SSL connection is established, the agent is " +
      "able to communicate with the iLO card through an XML stream.",
    vendorUrl: "http://www.hp.com",
    symlinks: [["fence_ilo2", "Fence agent for HP iLO2"]],
    parameters: PARAMETERS,
    inputRules: { login: "required", password: "required", plug: "address" },
    open,
  }),
);

async function open(values: Values, context: AgentContext): Promise<Result<PowerDevice>> {
  const address = addressOf(values, PORT);
  if (!address.ok) return address;
  const trust = trustOf(values);
  if (!trust.ok) return trust;
  if (values.isOn("notls")) {
    return problem("unsupported", "notls asks for SSL 3.0, which no OpenSSL of today speaks: use tls1.0");
  }
  const login = { user: values.text("username") ?? "", password: values.text("password") ?? "" };
  const bad = loginProblem(login);
  if (bad !== undefined) return problem("usage", bad);
  const version = values.number("ribcl_version", 0);
  const loginMs = limitMs(values, "login_timeout", 10);
  const target = {
    ...address.value,
    trust: trust.value,
    profile: profileOf(values, trust.value),
    connectMs: loginMs,
  };
  const connection = { target, loginMs, ...(version > 0 ? { version } : {}) };
  const patienceMs = limitMs(values, "shell_timeout", 3);
  return success(discreet(createRibclDevice({ connection, login, patienceMs }, context), login));
}

/** Old protocols only where somebody said that the card is old, or gave up on certificates. */
function profileOf(values: Values, trust: Trust): TlsProfile {
  if (values.isOn("tls1.0")) return "tls1.0";
  if (trust.type === "anybody") return "legacy";
  return trust.type === "pin" ? "lenient" : "modern";
}
