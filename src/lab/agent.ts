/** Which fence agents a lab is played with, and so which controllers it has. */
import type { NodeId } from "../core/ids.ts";
import { bmcAddress } from "./addresses.ts";

/**
 * `ipmilan`, `ilo` and `redfish` are built in: IPMI against ipmi_sim, RIBCL and Redfish against our own
 * simulators. `debian`: the executable fence_ipmilan, as `ipmilan` otherwise.
 */
export type LabAgent = "ipmilan" | "debian" | "ilo" | "redfish";

export const LAB_AGENTS: readonly LabAgent[] = ["ipmilan", "debian", "ilo", "redfish"];
export const LAB_AGENT_DEFAULT: LabAgent = "ipmilan";

/** For `all`: each story with one of them, so that every kind is played and none twice. */
export const MIXED = "mixed";

/** Of the mixed ones, those that are not {@link LAB_AGENT_DEFAULT}. */
const STORY_AGENTS: Readonly<Record<string, LabAgent>> = {
  crash: "redfish",
  hang: "ilo",
  fallback: "debian",
  "executor-blind": "redfish",
  "stuck-and-free": "ilo",
  "slow-agent": "debian",
  "lying-agent": "redfish",
  external: "ilo",
  "cold-start-unknown": "debian",
};

/** Undefined: that story cannot be played with that agent. */
export function agentFor(
  story: { readonly name: string; readonly needsIdentity?: true },
  agent: LabAgent | typeof MIXED,
): LabAgent | undefined {
  if (agent === MIXED) return STORY_AGENTS[story.name] ?? LAB_AGENT_DEFAULT;
  return story.needsIdentity === true && agent === "debian" ? undefined : agent;
}

export const BMC_LOGIN = "admin";

/**
 * Polls, or seconds, that an agent may take. The default (20) is right for real hardware and makes every
 * story about a dead device twenty seconds longer.
 */
const POWER_TIMEOUT = 4;
/** Units: seconds for one answer, for the same reason. */
const ANSWER_SECONDS = 2;

const IPMI = `lanplus="1" cipher="3" power_timeout="${POWER_TIMEOUT}"`;
const TLS = `ssl_insecure="1" power_timeout="${POWER_TIMEOUT}" shell_timeout="${ANSWER_SECONDS}" login_timeout="${ANSWER_SECONDS}"`;

const ATTRIBUTES: Readonly<Record<LabAgent, string>> = {
  ipmilan: `agent="fence_ipmilan" ${IPMI}`,
  debian: `agent="fence_ipmilan" builtin="0" ${IPMI}`,
  ilo: `agent="fence_ilo2" ${TLS}`,
  redfish: `agent="fence_redfish" ${TLS}`,
};

/** Shape: one tag on one line, as src/stories/stage.ts says. */
export function fenceDevice(agent: LabAgent, id: NodeId, name: string, passwordScript: string): string {
  const where = `ipaddr="${bmcAddress(id, 1)}" login="${BMC_LOGIN}" passwd_script="${passwordScript}"`;
  return `\t\t<fencedevice ${ATTRIBUTES[agent]} name="${name}" ${where}/>`;
}
