/**
 * One management controller that speaks RIBCL or Redfish: our simulator, in this process, behind a port
 * in a network namespace of its own.
 */
import { rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import type { Chassis } from "../../bmc/chassis/chassis.ts";
import { openRedfishSimulator } from "../../bmc/redfish/simulator.ts";
import { REDFISH_STYLES } from "../../bmc/redfish/style.ts";
import { RIBCL_MODELS } from "../../bmc/ribcl/model.ts";
import { openRibclSimulator } from "../../bmc/ribcl/simulator.ts";
import type { NodeName } from "../../core/ids.ts";
import type { DeviceFault } from "../../stories/stage.ts";
import { BMC_LOGIN } from "../agent.ts";
import { machineOf } from "../node/firmware.ts";
import { LAB_ROOT } from "../places.ts";
import type { Init } from "../space/init.ts";
import type { Bmc, BmcOptions } from "./bmc.ts";
import type { Chassis as Machine } from "./desk.ts";

const PORT = 443;
const OTHER_PASSWORD = "no-such-luck";

interface Simulator {
  readonly port: number;
  close(): Promise<void>;
}

/** `machine`: the power of the machine that the controller belongs to now. */
export async function openTlsBmc(
  init: Init,
  kind: "ilo" | "redfish",
  options: BmcOptions,
  machine: () => Machine | undefined,
): Promise<Bmc> {
  let fault: DeviceFault = { type: "none" };
  let owner = options.machine;
  let simulator = await openSimulator(kind, owner, options.password, machine);
  const sockets = new Set<Socket>();
  const bridge = await openBridge(`${options.outside}/line`, () => simulator.port, sockets);
  const perl = [
    "perl",
    `${LAB_ROOT}/bmc/forward.pl`,
    options.address,
    String(PORT),
    `${options.inside}/line`,
  ];
  const forward = await init.start("forward", `${options.inside}/log`, perl);

  async function replace(password: string): Promise<void> {
    const before = simulator;
    simulator = await openSimulator(kind, owner, password, machine);
    for (const socket of sockets) socket.destroy();
    await before.close();
  }

  return {
    name: options.name,
    address: options.address,
    init,
    get machine() {
      return owner;
    },
    get lies() {
      return fault.type === "lies";
    },
    async misbehave(next) {
      const before = fault.type;
      fault = next;
      if (before === "hangs") await init.order(`kill -CONT ${forward.pid}`);
      if (before === "fails" && next.type !== "fails") await replace(options.password);
      if (next.type === "fails" && before !== "fails") await replace(OTHER_PASSWORD);
      if (next.type === "hangs") await init.order(`kill -STOP ${forward.pid}`);
    },
    async rewire(next) {
      owner = next;
      await replace(options.password);
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await Promise.all([simulator.close(), new Promise<void>((resolve) => bridge.close(() => resolve()))]);
    },
  };
}

function openSimulator(
  kind: "ilo" | "redfish",
  owner: NodeName,
  password: string,
  machine: () => Machine | undefined,
): Promise<Simulator> {
  const login = { user: BMC_LOGIN, password };
  const chassis = chassisOf(machine);
  const identity = machineOf(owner);
  return kind === "ilo"
    ? openRibclSimulator({ model: { ...RIBCL_MODELS.ilo2, ...identity }, chassis, login })
    : openRedfishSimulator({ style: { ...REDFISH_STYLES.ilo5, ...identity }, chassis, login });
}

/** The truth about the power, at every question. */
function chassisOf(machine: () => Machine | undefined): Chassis {
  const turn = (to: "on" | "off"): void => void machine()?.switchPower(to);
  return {
    health: "well",
    get power() {
      return machine()?.power() ?? "on";
    },
    offCount: 0,
    onCount: 0,
    turn,
    press: () => turn(machine()?.power() === "off" ? "on" : "off"),
    close: () => {},
  };
}

/** A Unix socket that is reached from inside the lab, and the simulator's port behind it. */
function openBridge(path: string, port: () => number, sockets: Set<Socket>): Promise<Server> {
  rmSync(path, { force: true });
  const server = createServer((near) => {
    const far = connect(port(), "127.0.0.1");
    const end = (): void => {
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", end).on("close", () => {
        sockets.delete(socket);
        end();
      });
    }
    near.pipe(far).pipe(near);
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, () => resolve(server));
  });
}
