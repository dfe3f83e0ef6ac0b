/** The agents for power switches that speak SNMP. Source: Debian's fence_apc_snmp and fence_eaton_snmp. */
import type { AgentContext, BuiltinAgent, Result } from "../frame/agent.ts";
import { success } from "../frame/agent.ts";
import { definePowerAgent } from "../frame/define.ts";
import type { PowerDevice } from "../frame/device.ts";
import { adjusted } from "../frame/library.ts";
import type { Values } from "../frame/values.ts";
import { addressOf, limitMs } from "../tls/address.ts";
import { APC_FAMILY } from "./apc.ts";
import { openSnmp } from "./client.ts";
import { EATON_FAMILY } from "./eaton.ts";
import type { PduFamily } from "./model.ts";
import { SNMP_PARAMETERS, SNMP_PORT } from "./parameters.ts";
import { createPdu } from "./pdu.ts";
import { accessOf } from "./settings.ts";

/** Units: s for one answer when shell_timeout does not say it. Five sendings. */
const ANSWER_SECONDS = 6;

const TRUTH =
  "Each outlet that is named is switched and read back by itself; one that the device does not have is a failure, " +
  "never off. An outlet that is off says nothing of a machine with a second power supply: name all of them.";

const RULES = { login: "optional", password: "optional", plug: "required" } as const;

function opener(family: PduFamily): (values: Values, context: AgentContext) => Promise<Result<PowerDevice>> {
  return async (values, context) => {
    const address = addressOf(values, SNMP_PORT);
    if (!address.ok) return address;
    const access = accessOf(values);
    if (!access.ok) return access;
    const answerMs = values.isGiven("shell_timeout")
      ? limitMs(values, "shell_timeout", ANSWER_SECONDS)
      : ANSWER_SECONDS * 1_000;
    const snmp = await openSnmp(address.value, access.value, answerMs, context);
    return snmp.ok ? success(createPdu(snmp.value, family)) : snmp;
  };
}

function apc(name: string): BuiltinAgent {
  return definePowerAgent({
    name,
    shortdesc: "Fence agent for APC, Tripplite PDU over SNMP",
    longdesc: `${name} switches outlets of APC and Tripp Lite power switches over SNMP 1, 2c and 3. ${TRUTH}`,
    vendorUrl: "http://www.apc.com",
    symlinks: [["fence_tripplite_snmp", "Fence agent for Tripplife over SNMP"]],
    parameters: SNMP_PARAMETERS,
    inputRules: RULES,
    open: opener(APC_FAMILY),
  });
}

export const SNMP_AGENTS: readonly BuiltinAgent[] = [
  apc("fence_apc_snmp"),
  apc("fence_tripplite_snmp"),
  definePowerAgent({
    name: "fence_eaton_snmp",
    shortdesc: "Fence agent for Eaton over SNMP",
    longdesc: `fence_eaton_snmp switches outlets of managed and switched Eaton ePDUs over SNMP. ${TRUTH}`,
    vendorUrl: "http://powerquality.eaton.com",
    parameters: adjusted(SNMP_PARAMETERS, { power_wait: { default: "2" } }),
    inputRules: RULES,
    open: opener(EATON_FAMILY),
  }),
];
