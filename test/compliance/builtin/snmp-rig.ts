/** A simulated power switch with four outlets, and the accounts that it knows. */
import type { TestContext } from "node:test";
import { AuthProtocols, PrivProtocols, SecurityLevel } from "net-snmp";
import { type Chassis, type ChassisOptions, createChassis } from "../../../src/bmc/chassis/chassis.ts";
import { openSnmpSimulator, type SnmpSimulator } from "../../../src/bmc/snmp/simulator.ts";
import { PDU_STYLES, type PduStyleName } from "../../../src/bmc/snmp/style.ts";
import { CANARY, type Given } from "./ask.ts";

const OUTLETS = 4;
export const PRIVACY = "canary-privacy-9";

export interface PduRig {
  readonly simulator: SnmpSimulator;
  readonly outlets: readonly Chassis[];
  /** What hangs on outlet 1. */
  readonly chassis: Chassis;
  /** Version 2c, outlet 1. */
  readonly given: Given;
  /** In the place of the community: version 3 with everything. */
  readonly v3: Given;
}

export async function openPduRig(
  t: TestContext,
  style: PduStyleName = "apc-rpdu",
  chassisOptions: ChassisOptions = {},
): Promise<PduRig> {
  const outlets = Array.from({ length: OUTLETS }, () => createChassis(chassisOptions));
  const [chassis = createChassis()] = outlets;
  const simulator = await openSnmpSimulator({
    style: PDU_STYLES[style],
    outlets,
    community: CANARY,
    users: [
      {
        name: "fencer",
        level: SecurityLevel.authPriv,
        authProtocol: AuthProtocols.sha,
        authKey: CANARY,
        privProtocol: PrivProtocols.aes,
        privKey: PRIVACY,
      },
    ],
  });
  t.after(async () => {
    for (const one of outlets) one.close();
    await simulator.close();
  });
  return {
    simulator,
    outlets,
    chassis,
    given: {
      ip: simulator.host,
      ipport: String(simulator.port),
      community: CANARY,
      snmp_version: "2c",
      plug: "1",
      power_timeout: "3",
    },
    v3: {
      snmp_version: "3",
      community: undefined,
      username: "fencer",
      password: CANARY,
      snmp_auth_prot: "SHA",
      snmp_priv_prot: "AES",
      snmp_priv_passwd: PRIVACY,
    },
  };
}
