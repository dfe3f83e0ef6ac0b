import { AuthProtocols, PrivProtocols, SecurityLevel } from "net-snmp";
import { createChassis } from "../chassis/chassis.ts";
import { openSnmpSimulator } from "../snmp/simulator.ts";
import { PDU_STYLES, type PduStyleName } from "../snmp/style.ts";
import { type Client, LOGIN, type Rig } from "./rows.ts";

/** Units: ms. Long enough to be seen as still on by whoever asks too early. */
const OFF_MS = 100;
const OUTLETS = 4;
const PRIVACY = "conform-privacy";
const RPDU_STATE = ".1.3.6.1.4.1.318.1.1.12.3.5.1.1.4.1";
const RPDU_COMMAND = ".1.3.6.1.4.1.318.1.1.12.3.3.1.1.4.1";

async function open(style: PduStyleName): Promise<Rig> {
  const outlets = Array.from({ length: OUTLETS }, () => createChassis({ offMs: OFF_MS }));
  const [chassis = createChassis()] = outlets;
  const simulator = await openSnmpSimulator({
    style: PDU_STYLES[style],
    outlets,
    community: LOGIN.password,
    users: [
      {
        name: LOGIN.user,
        level: SecurityLevel.authPriv,
        authProtocol: AuthProtocols.sha,
        authKey: LOGIN.password,
        privProtocol: PrivProtocols.aes,
        privKey: PRIVACY,
      },
    ],
  });
  return {
    host: simulator.host,
    port: simulator.port,
    chassis,
    async close() {
      for (const one of outlets) one.close();
      await simulator.close();
    },
  };
}

function fenceAgent(program: string, style: PduStyleName, version: "1" | "2c" | "3"): Client {
  return {
    simulator: "snmp",
    name: `${program} ${style} v${version}`,
    program,
    open: () => open(style),
    argv: (action, { host, port, password }) => {
      const account =
        version === "3"
          ? ["-l", LOGIN.user, "-p", password, "-P", PRIVACY, "-b", "SHA", "-B", "AES", "-E", "authPriv"]
          : ["-c", password];
      const quick = ["--power-wait=0", "-n", "1", "-d", version];
      return [program, "-a", host, "-u", String(port), ...quick, ...account, "-o", action];
    },
    statusCodes: { on: 0, off: 2 },
    statusText: { on: /Status: ON/, off: /Status: OFF/ },
  };
}

/** The tools themselves: a get reads the state, a set gives the orders 1, 2 and 3. */
function tools(version: "1" | "2c" | "3"): Client {
  return {
    simulator: "snmp",
    name: `snmpget, snmpset v${version}`,
    program: "snmpget",
    open: () => open("apc-rpdu"),
    argv: (action, { host, port, password }) => {
      const account =
        version === "3"
          ? [
              ...["-u", LOGIN.user, "-A", password, "-X", PRIVACY],
              ...["-a", "SHA", "-x", "AES", "-l", "authPriv"],
            ]
          : ["-c", password];
      const common = [
        `-v${version}`,
        ...account,
        "-t",
        "0.5",
        "-r",
        "1",
        "-m",
        "",
        "-Oqn",
        `${host}:${port}`,
      ];
      if (action === "status") return ["snmpget", ...common, RPDU_STATE];
      const value = { on: "1", off: "2", reboot: "3" }[action];
      return ["snmpset", ...common, RPDU_COMMAND, "i", value];
    },
    statusCodes: { on: 0, off: 0 },
    statusText: { on: /\.4\.1 1$/m, off: /\.4\.1 2$/m },
  };
}

export const SNMP_CLIENTS: readonly Client[] = [
  tools("1"),
  tools("2c"),
  tools("3"),
  fenceAgent("fence_apc_snmp", "apc-rpdu", "1"),
  fenceAgent("fence_apc_snmp", "apc-rpdu", "2c"),
  fenceAgent("fence_apc_snmp", "apc-rpdu", "3"),
  fenceAgent("fence_apc_snmp", "apc-rpdu2", "1"),
  fenceAgent("fence_apc_snmp", "apc-msp", "2c"),
  fenceAgent("fence_apc_snmp", "apc-ms", "1"),
  fenceAgent("fence_tripplite_snmp", "tripplite", "1"),
  fenceAgent("fence_eaton_snmp", "eaton-managed", "1"),
  fenceAgent("fence_eaton_snmp", "eaton-switched", "1"),
];
