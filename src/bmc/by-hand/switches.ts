import { AuthProtocols, PrivProtocols, SecurityLevel } from "net-snmp";
import { createChassis } from "../chassis/chassis.ts";
import { openSnmpSimulator } from "../snmp/simulator.ts";
import type { PduStyle } from "../snmp/style.ts";
import { GARBAGE, type Start, simulatedBy } from "./simulated.ts";

/** The node hangs on the first; the others are there to be switched by mistake. */
const OUTLETS = 8;
/** A password of SNMP version 3 has eight characters at least; a shorter one is only the community. */
const KEY_LENGTH_MIN = 8;

/** The password is the community, and in version 3 (SHA, AES) both passwords of the login. */
export function powerSwitch(style: PduStyle): Start {
  return async ({ chassis, host, port, login, password }) => {
    const others = Array.from({ length: OUTLETS - 1 }, () => createChassis());
    const user = {
      name: login,
      level: SecurityLevel.authPriv,
      authProtocol: AuthProtocols.sha,
      authKey: password,
      privProtocol: PrivProtocols.aes,
      privKey: password,
    };
    const simulator = await openSnmpSimulator({
      style,
      outlets: [chassis, ...others],
      community: password,
      users: password.length < KEY_LENGTH_MIN ? [] : [user],
      host,
      port,
    });
    return simulatedBy(simulator, {
      // Neither version answers a wrong password.
      "wrong-password": { type: "silent" },
      "no-privilege": { type: "read-only" },
      // In the middle: it tells the state, takes the order, and is gone.
      drops: { type: "drops", after: 3 },
      "odd-state": { type: "odd-state", value: 7 },
      garbage: { type: "garbage", bytes: GARBAGE },
    });
  };
}
