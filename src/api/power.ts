/** From the answers of single devices to one word about a node. */
import type { DeviceCheck } from "../core/effects.ts";

/**
 * The power of a node, by the first method (in the order of the configuration) whose devices all
 * answered: on while any of them feeds the node, off when all are off. `unknown` when no method
 * answered in full: an unknown device may still feed the node.
 */
export function powerOf(devices: readonly DeviceCheck[]): "on" | "off" | "unknown" {
  const methods = [...new Set(devices.map((device) => device.method))].sort((a, b) => a - b);
  for (const method of methods) {
    const mine = devices.filter((device) => device.method === method);
    if (mine.some((device) => device.ok && device.power === "on")) return "on";
    if (mine.every((device) => device.ok && device.power === "off")) return "off";
  }
  return "unknown";
}
