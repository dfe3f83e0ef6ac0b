/** A machine of QEMU, by its monitor. */
import { type Power, problem, type Result, success } from "../frame/agent.ts";
import type { PowerDevice } from "../frame/device.ts";
import { objectOf, textOf } from "../redfish/json.ts";
import type { Qmp } from "./client.ts";
import { powerOfState } from "./states.ts";

export interface QmpOptions {
  readonly qmp: Qmp;
  /** No process at the socket counts as a machine that is off. */
  readonly missingAsOff: boolean;
}

export function createQmpDevice({ qmp, missingAsOff }: QmpOptions): PowerDevice {
  let isChecked = false;

  /** Behind this monitor is the machine that was meant: its name, or its UUID. */
  async function checked(plug: string): Promise<Result<void>> {
    if (isChecked || plug === "") return success(undefined);
    const [name, uuid] = [await qmp.execute("query-name"), await qmp.execute("query-uuid")];
    if (!name.ok) return name;
    if (!uuid.ok) return uuid;
    const names = [textOf(objectOf(name.value)?.["name"]), textOf(objectOf(uuid.value)?.["UUID"])];
    isChecked = names.some((one) => one?.toLowerCase() === plug.toLowerCase());
    if (isChecked) return success(undefined);
    return problem(
      "missing",
      `the machine behind this monitor is ${names[0] ?? "one without a name"}, not ${plug}`,
    );
  }

  async function state(plug: string): Promise<Result<string>> {
    const known = await checked(plug);
    if (!known.ok) return known;
    const answer = await qmp.execute("query-status");
    if (!answer.ok) return answer;
    const body = objectOf(answer.value);
    return success(`${textOf(body?.["status"]) ?? ""} ${String(body?.["running"])}`);
  }

  async function power(plug: string): Promise<Result<Power>> {
    const read = await state(plug);
    if (read.ok) {
      const [status, running] = read.value.split(" ");
      return success(
        powerOfState(status, running === "true" ? true : running === "false" ? false : undefined),
      );
    }
    return missingAsOff && qmp.isAbsent() ? success("off") : read;
  }

  async function all(commands: readonly string[]): Promise<Result<void>> {
    for (const command of commands) {
      const done = await qmp.execute(command);
      if (!done.ok) return done;
    }
    return success(undefined);
  }

  return {
    power,
    async set(plug, to) {
      const read = await state(plug);
      if (!read.ok) return read;
      // Held before its first instruction. `stop` first: it waits until what was on its way to the disks is there.
      if (to === "off") return all(["stop", "system_reset"]);
      return read.value.startsWith("prelaunch ") ? all(["cont"]) : all(["system_reset", "cont"]);
    },
    async identity() {
      const [name, uuid] = [await qmp.execute("query-name"), await qmp.execute("query-uuid")];
      if (!uuid.ok) return uuid;
      const product = name.ok ? textOf(objectOf(name.value)?.["name"]) : undefined;
      const text = textOf(objectOf(uuid.value)?.["UUID"]);
      const uuids = text === undefined || /^[0-]*$/.test(text) ? [] : [text];
      return success({ uuids, ...(product === undefined ? {} : { product }) });
    },
    async close() {
      qmp.close();
    },
  };
}
