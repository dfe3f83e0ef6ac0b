import { createChassis } from "../chassis/chassis.ts";
import { openSmclpSimulator } from "../smclp/simulator.ts";
import { type Client, LOGIN, type Rig } from "./rows.ts";

/** Units: ms. Long enough to be seen as still on by whoever asks too early. */
const OFF_MS = 100;
const OLD_ALGORITHMS =
  "-o KexAlgorithms=+diffie-hellman-group14-sha1 -o HostKeyAlgorithms=+ssh-rsa " +
  "-o Ciphers=+aes128-cbc -o MACs=+hmac-sha1";
/** Each row has a host key of its own: nothing may be remembered. */
const FORGETFUL = "-o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no -o LogLevel=ERROR";

async function open(model: "ilo" | "mp", algorithms: "today" | "old"): Promise<Rig> {
  const chassis = createChassis({ offMs: OFF_MS });
  const simulator = await openSmclpSimulator({ model, chassis, login: LOGIN, algorithms });
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

function fenceAgent(
  program: string,
  model: "ilo" | "mp",
  { flags = [] as readonly string[], algorithms = "today" as "today" | "old" } = {},
): Client {
  const sshOptions = algorithms === "old" ? `${FORGETFUL} ${OLD_ALGORITHMS}` : FORGETFUL;
  return {
    simulator: "smclp",
    name: [program, ...flags, ...(algorithms === "old" ? ["(old algorithms)"] : [])].join(" "),
    program,
    open: () => open(model, algorithms),
    argv: (action, { host, port, password }) => {
      const account = ["-a", host, "-u", String(port), "-l", LOGIN.user, "-p", password];
      return [
        program,
        ...["-x", "--power-wait=0", `--ssh-options=${sshOptions}`],
        ...flags,
        ...account,
        "-o",
        action,
      ];
    },
    statusCodes: { on: 0, off: 2 },
    statusText: { on: /Status: ON/, off: /Status: OFF/ },
  };
}

export const SMCLP_CLIENTS: readonly Client[] = [
  fenceAgent("fence_ilo_ssh", "ilo"),
  fenceAgent("fence_ilo_ssh", "ilo", { flags: ["-m", "cycle"] }),
  fenceAgent("fence_ilo_ssh", "ilo", { algorithms: "old" }),
  fenceAgent("fence_ilo4_ssh", "ilo"),
  fenceAgent("fence_ilo_mp", "mp"),
];
