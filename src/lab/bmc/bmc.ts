/** One management controller: OpenIPMI's ipmi_sim in a network namespace of its own. */
import { writeFileSync } from "node:fs";
import type { NodeName } from "../../core/ids.ts";
import type { DeviceFault } from "../../stories/stage.ts";
import { IPMI_PORT } from "../addresses.ts";
import type { Init, Service } from "../space/init.ts";
import { lanConf } from "./ipmi-sim-conf.ts";

export interface Bmc {
  readonly name: string;
  readonly address: string;
  readonly init: Init;
  /** Whose power it reads and switches. */
  readonly machine: NodeName;
  /** What the controller does wrong from now on. `lies` and `blind` are made elsewhere. */
  misbehave(fault: DeviceFault): Promise<void>;
  /** What the desk must do with this controller's orders. */
  readonly lies: boolean;
  /** Somebody mixed up the cables: from now on it is the controller of another machine. */
  rewire(machine: NodeName): Promise<void>;
  /** Ends what runs outside the lab. To be called when the lab is gone. */
  close(): Promise<void>;
}

export interface BmcOptions {
  readonly name: string;
  readonly machine: NodeName;
  readonly address: string;
  readonly login: string;
  readonly password: string;
  /** Directory of the controller as the lab sees it, and the same as the host sees it. */
  readonly inside: string;
  readonly outside: string;
  /** Command that ipmi_sim runs for the chassis of that machine. */
  readonly chassis: (machine: NodeName) => string;
}

/** IPMI passwords have at most 15 printable characters here; ours are hexadecimal. */
const OTHER_PASSWORD = "no-such-luck";

/** Order: resolves once the simulator runs; it answers some milliseconds later. */
export async function openBmc(init: Init, options: BmcOptions): Promise<Bmc> {
  let fault: DeviceFault = { type: "none" };
  let machine = options.machine;
  let service = await startSimulator(options.password);

  async function startSimulator(password: string): Promise<Service> {
    const chassis = options.chassis(machine);
    const text = lanConf({ ...options, machine, password, port: IPMI_PORT, chassis });
    writeFileSync(`${options.outside}/lan.conf`, text, { mode: 0o600 });
    const files = ["-c", `${options.inside}/lan.conf`, "-f", `${options.inside}/bmc.emu`];
    const command = ["ipmi_sim", ...files, "-s", options.inside, "-n"];
    return init.start("ipmi_sim", `${options.inside}/log`, command);
  }

  async function restart(password: string): Promise<void> {
    await init.order(`kill -KILL ${service.pid} || true`);
    await service.ended;
    service = await startSimulator(password);
  }

  return {
    name: options.name,
    address: options.address,
    init,
    get machine() {
      return machine;
    },
    get lies() {
      return fault.type === "lies";
    },
    async rewire(next) {
      machine = next;
      await restart(options.password);
    },
    close: async () => {},
    async misbehave(next) {
      const before = fault.type;
      fault = next;
      if (before === "hangs") await init.order(`kill -CONT ${service.pid}`);
      if (before === "fails" && next.type !== "fails") await restart(options.password);
      // It refuses: whoever asks has the wrong password now.
      if (next.type === "fails" && before !== "fails") await restart(OTHER_PASSWORD);
      if (next.type === "hangs") await init.order(`kill -STOP ${service.pid}`);
    },
  };
}
