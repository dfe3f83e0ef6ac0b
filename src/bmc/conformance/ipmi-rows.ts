import { createChassis } from "../chassis/chassis.ts";
import type { IpmiSimulatorOptions } from "../ipmi/options.ts";
import { openIpmiSimulator } from "../ipmi/simulator.ts";
import { type Client, LOGIN, type Rig } from "./rows.ts";

/** Units: ms. Long enough to be seen as still on by whoever asks too early. */
const OFF_MS = 100;

async function open(more: Partial<IpmiSimulatorOptions> = {}): Promise<Rig> {
  const chassis = createChassis({ offMs: OFF_MS });
  const simulator = await openIpmiSimulator({ chassis, login: LOGIN, ...more });
  return {
    host: simulator.host,
    port: simulator.port,
    chassis,
    async close() {
      chassis.close();
      await simulator.close();
    },
  };
}

function ipmitool(name: string, flags: readonly string[], more: Partial<IpmiSimulatorOptions> = {}): Client {
  const words = { status: "status", off: "off", on: "on", reboot: "cycle" } as const;
  return {
    simulator: "ipmi",
    name: `ipmitool ${name}`,
    program: "ipmitool",
    open: () => open(more),
    argv: (action, { host, port, password }) => {
      const account = ["-H", host, "-p", String(port), "-U", LOGIN.user, "-P", password];
      return ["ipmitool", ...flags, "-N", "1", "-R", "2", ...account, "chassis", "power", words[action]];
    },
    statusCodes: { on: 0, off: 0 },
    // Version 1.8.19 ends with 0 after some of its failures.
    refusedText: /Unable to establish/,
    statusText: { on: /Chassis Power is on/, off: /Chassis Power is off/ },
  };
}

function fenceAgent(
  program: string,
  flags: readonly string[],
  more: Partial<IpmiSimulatorOptions> = {},
): Client {
  return {
    simulator: "ipmi",
    name: [program, ...flags].join(" "),
    program,
    open: () => open(more),
    argv: (action, { host, port, password }) => {
      const account = ["-a", host, "-u", String(port), "-l", LOGIN.user, "-p", password];
      const quick = ["--power-wait=0", "--ipmitool-timeout=1"];
      return [program, ...flags, ...quick, ...account, "-o", action];
    },
    statusCodes: { on: 0, off: 2 },
    statusText: { on: /Status: ON/, off: /Status: OFF/ },
  };
}

export const IPMI_CLIENTS: readonly Client[] = [
  ipmitool("-C 3", ["-I", "lanplus", "-C", "3"]),
  ipmitool("-C 17", ["-I", "lanplus", "-C", "17"]),
  ipmitool("(suite of its choice)", ["-I", "lanplus"]),
  ipmitool("-y KG", ["-I", "lanplus", "-C", "17", "-y", "a0112233445566778899"], {
    bmcKeyHex: "a0112233445566778899",
  }),
  ipmitool("lan (1.5)", ["-I", "lan"]),
  fenceAgent("fence_ipmilan", []),
  fenceAgent("fence_ipmilan", ["-P"]),
  fenceAgent("fence_ipmilanplus", ["-C", "17"]),
  fenceAgent("fence_ilo3", ["-C", "3"]),
  fenceAgent("fence_ilo4", []),
  fenceAgent("fence_ilo5", []),
  fenceAgent("fence_idrac", []),
  fenceAgent("fence_imm", []),
];
