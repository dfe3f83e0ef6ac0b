import { createChassis } from "../chassis/chassis.ts";
import { openPveSimulator } from "../pve/simulator.ts";
import { type Client, LOGIN, type Rig } from "./rows.ts";

/** Units: ms. Long enough to be seen as still on by whoever asks too early. */
const OFF_MS = 100;
const USER = "root@pam";
const VMID = "102";

async function open(): Promise<Rig> {
  const chassis = createChassis({ offMs: OFF_MS });
  const login = { user: USER, password: LOGIN.password };
  const simulator = await openPveSimulator({ chassis, login, vmid: VMID });
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

function fencePve(flags: readonly string[]): Client {
  return {
    simulator: "pve",
    name: ["fence_pve", ...flags].join(" "),
    program: "fence_pve",
    open,
    argv: (action, { host, port, password }) => {
      const account = ["-a", host, "-u", String(port), "-l", USER, "-p", password];
      return ["fence_pve", "--ssl-insecure", "-n", VMID, ...flags, ...account, "-o", action];
    },
    statusCodes: { on: 0, off: 2 },
    statusText: { on: /Status: ON/, off: /Status: OFF/ },
  };
}

export const PVE_CLIENTS: readonly Client[] = [fencePve(["-A"]), fencePve(["-N", "pve2"])];
