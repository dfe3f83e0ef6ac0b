/** fence_redfish: controllers that speak Redfish (iLO 4 to 6, iDRAC, XCC, Supermicro, OpenBMC). */
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
import { adjusted, COMMON, IP, IPPORT, PASSWORD, PLUG_AS_ADDRESS, USERNAME } from "../frame/library.ts";
import type { Values } from "../frame/values.ts";
import { addressOf, limitMs } from "../tls/address.ts";
import { discreet } from "../tls/discreet.ts";
import { SSL_PARAMETERS } from "../tls/parameters.ts";
import { TRUST_PARAMETERS, trustOf } from "../tls/trust.ts";
import { createRedfishDevice } from "./device.ts";
import { pathOf } from "./json.ts";
import { ANSWER_SECONDS } from "./limits.ts";

const PORT = 443;
const ROOT = "/redfish/v1";

const PLAIN = { required: false, secret: false, order: 1 } as const;

const PARAMETERS: readonly Parameter[] = adjusted(
  [
    ...COMMON,
    IP,
    IPPORT,
    USERNAME,
    ...PASSWORD,
    ...PLUG_AS_ADDRESS,
    ...SSL_PARAMETERS,
    {
      ...PLAIN,
      name: "redfish_uri",
      alias: "redfish-uri",
      type: "string",
      default: ROOT,
      placeholder: "[uri]",
      description: "Base or starting Redfish URI",
    },
    {
      ...PLAIN,
      name: "systems_uri",
      alias: "systems-uri",
      type: "string",
      placeholder: "[uri]",
      description: "Redfish Systems resource URI, i.e. /redfish/v1/Systems/System.Embedded.1",
    },
    {
      ...PLAIN,
      name: "redfish_auth",
      type: "select",
      options: ["basic", "session"],
      default: "basic",
      placeholder: "[basic|session]",
      description: "How to log in: with every request, or with a session that is closed at the end",
    },
    ...TRUST_PARAMETERS,
  ],
  { ip: { required: false }, ipport: { default: String(PORT) } },
);

export const REDFISH_AGENT: BuiltinAgent = definePowerAgent({
  name: "fence_redfish",
  shortdesc: "I/O Fencing agent for Redfish",
  longdesc:
    "fence_redfish is an I/O Fencing agent which can be used with Out-of-Band controllers that support Redfish " +
    "APIs. These controllers provide remote access to control power on a server.",
  vendorUrl: "http://www.dmtf.org",
  parameters: PARAMETERS,
  moreActions: ["diag"],
  inputRules: { login: "required", password: "required", plug: "address" },
  open,
});

async function open(values: Values, context: AgentContext): Promise<Result<PowerDevice>> {
  const address = addressOf(values, PORT);
  if (!address.ok) return address;
  const trust = trustOf(values);
  if (!trust.ok) return trust;
  const root = pathOf(values.text("redfish_uri"));
  if (root === undefined) return problem("usage", "redfish_uri is no path: it begins with one slash");
  const written = values.text("systems_uri") ?? "";
  const system = pathOf(written);
  if (written !== "" && system === undefined) {
    return problem("usage", "systems_uri is no path: it begins with one slash");
  }
  const [user, password] = [values.text("username") ?? "", values.text("password") ?? ""];
  const isSession = values.choice("redfish_auth") === "session";
  if (!isSession && user.includes(":")) {
    return problem("usage", "a login with a colon needs redfish_auth=session");
  }
  const connectMs = limitMs(values, "login_timeout", 5);
  const answerMs = values.isGiven("shell_timeout")
    ? limitMs(values, "shell_timeout", ANSWER_SECONDS)
    : ANSWER_SECONDS * 1_000;
  const profile = trust.value.type === "authority" ? ("modern" as const) : ("lenient" as const);
  const options = {
    target: { ...address.value, trust: trust.value, profile, connectMs },
    user,
    password,
    authentication: isSession ? ("session" as const) : ("basic" as const),
    root,
    answerMs,
    ...(system === undefined ? {} : { system }),
  };
  return success(discreet(createRedfishDevice(options, context), { user, password }));
}
