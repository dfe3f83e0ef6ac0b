/** `bouncer check`: every device of every node, asked from here. */
import type { DeviceCheck } from "../../core/effects.ts";
import type { FormatOptions } from "./status.ts";
import { lines, table, wrap } from "./text.ts";
import { formatTook } from "./time.ts";

export interface NodeCheck {
  readonly node: string;
  readonly devices: readonly DeviceCheck[];
}

export function formatCheck(asker: string, checks: readonly NodeCheck[], options: FormatOptions): string {
  const { paint, columns } = options;
  const rows = checks.flatMap(({ node, devices }) =>
    devices.map((device) => [
      node,
      String(device.method + 1),
      device.methodName,
      device.deviceName,
      device.agent.slice(device.agent.lastIndexOf("/") + 1),
      device.ok ? { text: device.power, paint: paint.good } : { text: "FAILED", paint: paint.bad },
      formatTook(device.tookMs),
    ]),
  );
  const failed = checks.flatMap(({ node, devices }) =>
    devices
      .filter((device) => !device.ok)
      .flatMap((device) => wrap(`${node} ${device.deviceName}: ${device.detail}`, columns)),
  );
  const bare = checks.filter(({ devices }) => devices.length === 0).map(({ node }) => node);
  const head = ["NODE", "#", "METHOD", "DEVICE", "AGENT", "POWER", "TOOK"];
  return lines([
    ...(rows.length === 0 ? [] : table(head, rows, { paint, right: [1, 6] })),
    ...(failed.length === 0 ? [] : ["", ...failed]),
    ...(bare.length === 0 || rows.length === 0 ? [] : [""]),
    ...bare.flatMap((node) =>
      wrap(`${node}: no device. If it dies, storage stays held until a person acknowledges it.`, columns).map(
        paint.warn,
      ),
    ),
    "",
    ...wrap(checkVerdict(asker, checks), columns).map(paint.bold),
  ]);
}

function checkVerdict(asker: string, checks: readonly NodeCheck[]): string {
  const devices = checks.flatMap((check) => check.devices);
  const failed = devices.filter((device) => !device.ok).length;
  if (devices.length === 0) return `No fence device to ask.`;
  if (failed === 0) return `All fence devices answered ${asker} (${devices.length}).`;
  return `${failed} of ${devices.length} fence devices did not answer ${asker}: it cannot fence with them.`;
}

export function anyFailed(checks: readonly NodeCheck[]): boolean {
  return checks.some(({ devices }) => devices.some((device) => !device.ok));
}
