/** The cases of the table. What counts is the machine behind the simulator, then what the client says. */
import type { Chassis } from "../chassis/chassis.ts";
import { type CaseName, type Client, LOGIN, type Rig, WRONG_PASSWORD } from "./rows.ts";
import { type Ended, runClient } from "./run-client.ts";

export const CASES: readonly CaseName[] = ["status", "off", "on", "reboot", "wrong password"];

/** Units: ms. A cycle is accepted first and done afterwards. */
const SETTLE_MS_MAX = 5_000;
const LOOK_MS = 20;

/** Undefined: it passed. */
export async function playCase(name: CaseName, client: Client): Promise<string | undefined> {
  const rig = await client.open();
  try {
    return await PLAY[name](client, rig);
  } finally {
    await rig.close();
  }
}

const PLAY: Readonly<Record<CaseName, (client: Client, rig: Rig) => Promise<string | undefined>>> = {
  async status(client, rig) {
    const on = await call(client, rig, "status");
    rig.chassis.turn("off");
    await settled(rig.chassis, "off");
    const off = await call(client, rig, "status");
    return judged(on, client, "on") ?? judged(off, client, "off");
  },
  async off(client, rig) {
    const ended = await call(client, rig, "off");
    if (!(await settled(rig.chassis, "off"))) return `the machine is on: ${said(ended)}`;
    return ended.code === 0 ? undefined : `off, but ${said(ended)}`;
  },
  async on(client, rig) {
    rig.chassis.turn("off");
    await settled(rig.chassis, "off");
    const ended = await call(client, rig, "on");
    if (!(await settled(rig.chassis, "on"))) return `the machine is off: ${said(ended)}`;
    return ended.code === 0 ? undefined : `on, but ${said(ended)}`;
  },
  async reboot(client, rig) {
    const ended = await call(client, rig, "reboot");
    const isUp = await settled(rig.chassis, "on", () => rig.chassis.offCount === 1);
    if (!isUp) return `${rig.chassis.offCount} times off, now ${rig.chassis.power}: ${said(ended)}`;
    return ended.code === 0 ? undefined : `rebooted, but ${said(ended)}`;
  },
  async "wrong password"(client, rig) {
    const ended = await call(client, rig, "off", WRONG_PASSWORD);
    if (rig.chassis.offCount > 0) return "a wrong password switched it off";
    const isRefused = ended.code !== 0 || client.refusedText?.test(ended.text) === true;
    return isRefused && ended.code !== undefined ? undefined : `expected a failure: ${said(ended)}`;
  },
};

async function call(
  client: Client,
  { host, port }: Rig,
  action: "status" | "off" | "on" | "reboot",
  password: string = LOGIN.password,
): Promise<Ended> {
  const argv = client.argv(action, { host, port, password });
  return argv === undefined ? { code: undefined, text: "has no such action" } : runClient(argv);
}

function judged(ended: Ended, { statusCodes, statusText }: Client, power: "on" | "off"): string | undefined {
  const isRight = ended.code === statusCodes[power] && statusText[power].test(ended.text);
  return isRight ? undefined : `expected ${power}: ${said(ended)}`;
}

function said({ code, text }: Ended): string {
  const line = text
    .split("\n")
    .filter((one) => one.trim() !== "")
    .at(-1);
  return `exit ${code ?? "by a signal"}, ${line ?? "not a word"}`;
}

async function settled(
  chassis: Chassis,
  power: "on" | "off",
  also: () => boolean = () => true,
): Promise<boolean> {
  const endAt = performance.now() + SETTLE_MS_MAX;
  while (performance.now() < endAt) {
    if (chassis.power === power && also()) return true;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return false;
}
