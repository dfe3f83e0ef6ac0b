/** Which agents are built in. Each family is loaded when one of it is asked for. */
import type { BuiltinAgent } from "./agent.ts";

type Family = () => Promise<readonly BuiltinAgent[]>;

const ipmi: Family = async () => (await import("../ipmi/agents.ts")).IPMI_AGENTS;
const ribcl: Family = async () => (await import("../ribcl/agent.ts")).RIBCL_AGENTS;
const redfish: Family = async () => [(await import("../redfish/agent.ts")).REDFISH_AGENT];

const snmp: Family = async () => (await import("../snmp/agents.ts")).SNMP_AGENTS;
const smclp: Family = async () => (await import("../smclp/agents.ts")).SMCLP_AGENTS;
const virsh: Family = async () => [(await import("../virsh/agent.ts")).VIRSH_AGENT];
const pve: Family = async () => [(await import("../pve/agent.ts")).PVE_AGENT];

const qmp: Family = async () => [(await import("../qmp/agent.ts")).QMP_AGENT];
const scsi: Family = async () => [(await import("../scsi/agent.ts")).SCSI_AGENT];

const FAMILIES: Readonly<Record<string, Family>> = {
  fence_apc_snmp: snmp,
  fence_eaton_snmp: snmp,
  fence_idrac: ipmi,
  fence_ilo: ribcl,
  fence_ilo2: ribcl,
  fence_ilo3: ipmi,
  fence_ilo3_ssh: smclp,
  fence_ilo4: ipmi,
  fence_ilo4_ssh: smclp,
  fence_ilo5: ipmi,
  fence_ilo5_ssh: smclp,
  fence_ilo_mp: smclp,
  fence_ilo_ssh: smclp,
  fence_imm: ipmi,
  fence_ipmilan: ipmi,
  fence_ipmilanplus: ipmi,
  fence_pve: pve,
  fence_qmp: qmp,
  fence_redfish: redfish,
  fence_scsi: scsi,
  fence_tripplite_snmp: snmp,
  fence_virsh: virsh,
};

/** Sorted. */
export const BUILTIN_NAMES: readonly string[] = Object.keys(FAMILIES).sort();

/** Undefined: no built-in agent has this name. A path is somebody's own executable, never ours. */
export async function loadBuiltin(name: string): Promise<BuiltinAgent | undefined> {
  const family = Object.hasOwn(FAMILIES, name) ? FAMILIES[name] : undefined;
  return (await family?.())?.find((one) => one.name === name);
}
