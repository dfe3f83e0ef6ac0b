/** Texts of `fence_node`, byte for byte. Source: legacy fence_node of cluster 3.x. */
import type { DeviceCheck } from "../../core/effects.ts";
import type { FenceStep } from "../../core/ledger.ts";
import { clean } from "../format/text.ts";

/** One line of `-v`: what one device of one method came to. */
export interface DeviceLine {
  readonly method: number;
  readonly device: number;
  readonly agent: string;
  readonly result: string;
}

/** The arguments that an agent got, secrets masked; absent when this host does not know them. */
export type AgentArgs = (method: number | "unfence", device: number) => readonly string[] | undefined;

/**
 * One line per device and attempt, in the order in which they were used. A device was successful
 * when its last reading said off, and without a reading when nothing of it failed.
 */
export function deviceLines(steps: readonly FenceStep[]): DeviceLine[] {
  const groups = Map.groupBy(steps, (step) => `${step.attempt}/${step.methodIndex}/${step.deviceIndex}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const result = isSuccess(group) ? "success" : "error from agent";
    return [{ method: first.methodIndex, device: first.deviceIndex, agent: first.agent, result }];
  });
}

function isSuccess(group: readonly FenceStep[]): boolean {
  const read = group.findLast((step) => step.action === "status");
  if (read !== undefined) return read.result === "ok" && read.power === "off";
  return group.every((step) => step.result === "ok");
}

/** The line of a node that has nothing to be fenced with. */
export const NO_METHOD: DeviceLine = { method: 0, device: 0, agent: "none", result: "error no method" };

export function checkLines(devices: readonly DeviceCheck[]): DeviceLine[] {
  return devices.map(({ method, device, agent, ok, power }) => ({
    method,
    device,
    agent,
    result: ok && power !== "unknown" ? `status ${power}` : "status error",
  }));
}

/** Any error: failed. All off: off. All on, or mixed: on. */
export function aggregate(devices: readonly DeviceCheck[]): "failed" | "off" | "on" {
  if (devices.some((device) => !device.ok || device.power === "unknown")) return "failed";
  return devices.every((device) => device.power === "off") ? "off" : "on";
}

export function formatDeviceLine(verb: string, node: string, line: DeviceLine): string {
  return `${verb} ${node} dev ${line.method}.${line.device} agent ${clean(line.agent)} result: ${line.result}\n`;
}

/** Newlines of the agent's input turned into spaces, so that the line ends with one. */
export function formatArgsLine(node: string, agent: string, args: readonly string[] | undefined): string {
  const known = args ?? [`nodename=${node}`, `agent=${agent}`];
  return `agent args: ${known.map((arg) => `${clean(arg)} `).join("")}\n`;
}
