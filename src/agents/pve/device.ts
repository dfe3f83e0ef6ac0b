/** Machines of a Proxmox VE cluster as the drivers of the frame see them: one for each VM id. */

import type { Millis } from "../../core/ids.ts";
import { type AgentContext, type Power, problem, type Result, success } from "../frame/agent.ts";
import type { PlugEntry, PowerDevice } from "../frame/device.ts";
import { arrayOf, objectOf, textOf } from "../redfish/json.ts";
import type { TlsTarget } from "../tls/target.ts";
import { createPveApi, type PveApi, type PveLogin } from "./api.ts";

export interface PveOptions {
  readonly target: TlsTarget;
  readonly login: PveLogin;
  /** The host with the machine; undefined: looked for, also after a migration. */
  readonly node: string | undefined;
  readonly vmType: "qemu" | "lxc";
  readonly answerMs: Millis;
}

/** Machines of one cluster that are looked at. */
const MACHINES_MAX = 10_000;
const VMID = /^[1-9]\d{1,8}$/;
const NAME = /^[A-Za-z0-9][A-Za-z0-9.-]{0,62}$/;

export function createPveDevice(options: PveOptions, context: AgentContext): PowerDevice {
  const api: PveApi = createPveApi(options.target, options.login, options.answerMs, context);
  const { vmType } = options;
  const hosts = new Map<string, string>();

  async function machines(): Promise<Result<readonly Machine[]>> {
    const data = await api.get("cluster/resources?type=vm");
    if (!data.ok) return data;
    if (!Array.isArray(data.value)) return problem("protocol", "the list of machines is none");
    return success(
      arrayOf(data.value)
        .slice(0, MACHINES_MAX)
        .flatMap((one) => machineIn(one) ?? []),
    );
  }

  async function hostOf(plug: string): Promise<Result<string>> {
    if (!VMID.test(plug)) return problem("usage", "plug is no VM id: a number from 100");
    const known = options.node ?? hosts.get(plug);
    if (known !== undefined) return success(known);
    const all = await machines();
    if (!all.ok) return all;
    const found = all.value.find((one) => one.id === plug && one.type === vmType);
    if (found === undefined) return problem("missing", `the cluster has no ${vmType} machine ${plug}`);
    hosts.set(plug, found.node);
    return success(found.node);
  }

  /** A machine that moved on is looked for once more. */
  async function at<T>(plug: string, ask: (path: string) => Promise<Result<T>>): Promise<Result<T>> {
    for (const attempt of ["first", "second"] as const) {
      const host = await hostOf(plug);
      if (!host.ok) return host;
      const answer = await ask(`nodes/${host.value}/${vmType}/${plug}/status`);
      const isGone = !answer.ok && answer.problem.kind === "missing" && options.node === undefined;
      if (!isGone || attempt === "second") return answer;
      hosts.delete(plug);
    }
    return problem("missing", `machine ${plug} moves too often`);
  }

  return {
    async power(plug) {
      const data = await at(plug, (path) => api.get(`${path}/current`));
      if (!data.ok) return data;
      return isAsleep(data.value)
        ? problem(
            "refused",
            `machine ${plug} sleeps with its memory on the disk and would go on writing: ${WAKING}`,
          )
        : success(powerIn(data.value));
    },
    set: (plug, to) => at(plug, (path) => api.post(`${path}/${to === "on" ? "start" : "stop"}`)),
    ...(vmType === "qemu" ? { cycle: (plug) => at(plug, (path) => api.post(`${path}/reset`)) } : {}),
    async list() {
      const all = await machines();
      if (!all.ok) return all;
      const own = all.value.filter(({ type }) => type === vmType);
      return success(own.map(({ id, name, power }): PlugEntry => ({ plug: id, alias: name, power })));
    },
    async close() {
      api.close();
    },
  };
}

interface Machine {
  readonly id: string;
  readonly name: string;
  readonly node: string;
  readonly type: string;
  readonly power: Power;
}

function machineIn(value: unknown): Machine | undefined {
  const json = objectOf(value);
  const [id, node, type] = [String(json?.["vmid"] ?? ""), textOf(json?.["node"]), textOf(json?.["type"])];
  if (json === undefined || !VMID.test(id) || node === undefined || !NAME.test(node) || type === undefined) {
    return undefined;
  }
  const name = (textOf(json["name"]) ?? "").replace(/[^\x20-\x7e]/g, "?");
  return { id, name, node, type, power: powerOfWord(json["status"]) };
}

/**
 * `status` and `qmpstatus` have to agree: a machine that is paused or suspended may go on.
 * Exported for its test.
 */
export function powerIn(data: unknown): Power {
  const json = objectOf(data);
  const power = powerOfWord(json?.["status"]);
  const inner = json?.["qmpstatus"];
  if (power !== "off") return power;
  return inner === undefined || inner === "stopped" ? "off" : "unknown";
}

const WAKING = "discard its saved state, or wake it and let it be stopped";

/**
 * `suspended`, or about to be: its next start is no boot, it goes on where it stood, with whatever it had not
 * written yet. Such a machine is not off. Exported for its test.
 */
export function isAsleep(data: unknown): boolean {
  const json = objectOf(data);
  return powerIn(data) === "off" && /^suspend/.test(String(json?.["lock"] ?? ""));
}

function powerOfWord(word: unknown): Power {
  if (word === "running") return "on";
  return word === "stopped" ? "off" : "unknown";
}

export function isHostName(text: string): boolean {
  return NAME.test(text);
}
