import { createChassis } from "../chassis/chassis.ts";
import { RIBCL_MODELS, type RibclModelName } from "../ribcl/model.ts";
import { openRibclSimulator } from "../ribcl/simulator.ts";
import { type Client, LOGIN, type Rig } from "./rows.ts";

/** Units: ms. Long enough to be seen as still on by whoever asks too early. */
const OFF_MS = 100;

async function open(model: RibclModelName): Promise<Rig> {
  const chassis = createChassis({ offMs: OFF_MS });
  const simulator = await openRibclSimulator({ model: RIBCL_MODELS[model], chassis, login: LOGIN });
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

/** Needs gnutls-bin as well: these agents speak TLS through gnutls-cli. */
function fenceAgent(program: string, model: RibclModelName, flags: readonly string[] = []): Client {
  return {
    simulator: "ribcl",
    name: [program, model, ...flags].join(" "),
    program,
    open: () => open(model),
    argv: (action, { host, port, password }) => {
      const account = ["-a", host, "-u", String(port), "-l", LOGIN.user, "-p", password];
      return [program, "--ssl-insecure", ...flags, ...account, "-o", action];
    },
    statusCodes: { on: 0, off: 2 },
    statusText: { on: /Status: ON/, off: /Status: OFF/ },
  };
}

export const RIBCL_CLIENTS: readonly Client[] = [
  fenceAgent("fence_ilo", "ilo1"),
  fenceAgent("fence_ilo", "ilo1", ["--tls1.0"]),
  fenceAgent("fence_ilo", "riloe"),
  fenceAgent("fence_ilo2", "ilo2"),
  fenceAgent("fence_ilo2", "ilo2-old"),
];
