import { createChassis } from "../chassis/chassis.ts";
import { systemPath } from "../redfish/resources.ts";
import { openRedfishSimulator } from "../redfish/simulator.ts";
import { REDFISH_STYLES, type RedfishStyleName } from "../redfish/style.ts";
import { type Client, LOGIN, type Rig } from "./rows.ts";

/** Units: ms. Long enough to be seen as still on by whoever asks too early. */
const OFF_MS = 100;

async function open(style: RedfishStyleName): Promise<Rig> {
  const chassis = createChassis({ offMs: OFF_MS });
  const simulator = await openRedfishSimulator({ style: REDFISH_STYLES[style], chassis, login: LOGIN });
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

function fenceRedfish(style: RedfishStyleName): Client {
  const { systems, machine } = REDFISH_STYLES[style];
  // With several systems it takes the last one, which is not the machine.
  const flags = systems.length > 1 ? [`--systems-uri=${systemPath(machine)}`] : [];
  return {
    simulator: "redfish",
    name: `fence_redfish ${style}`,
    program: "fence_redfish",
    open: () => open(style),
    argv: (action, { host, port, password }) => {
      const account = ["-a", host, "-u", String(port), "-l", LOGIN.user, "-p", password];
      return ["fence_redfish", "--ssl-insecure", ...flags, ...account, "-o", action];
    },
    statusCodes: { on: 0, off: 2 },
    statusText: { on: /Status: ON/, off: /Status: OFF/ },
  };
}

export const REDFISH_CLIENTS: readonly Client[] = [
  fenceRedfish("ilo5"),
  fenceRedfish("idrac9"),
  fenceRedfish("openbmc"),
  fenceRedfish("supermicro"),
  fenceRedfish("multi"),
];
