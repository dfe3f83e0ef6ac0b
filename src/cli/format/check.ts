/** `bouncer check`: every device of every node, asked from here, and what the other members see of it. */
import type { ReadinessReply } from "../../api/readiness.ts";
import { alarmLines, type NodeCheck, otherRows, predictionLines, seenFailures } from "./readiness.ts";
import type { FormatOptions } from "./status.ts";
import { lines, type Row, table, wrap } from "./text.ts";
import { formatTook } from "./time.ts";

export function formatCheck(
  asker: string,
  checks: readonly NodeCheck[],
  seen: ReadinessReply,
  options: FormatOptions,
): string {
  const { paint, columns } = options;
  const rows = checks.flatMap(({ node, devices }) =>
    devices.flatMap((device): Row[] => [
      [
        node,
        String(device.method + 1),
        device.methodName,
        device.deviceName,
        device.agent.slice(device.agent.lastIndexOf("/") + 1),
        asker,
        device.ok ? { text: device.power, paint: paint.good } : { text: "FAILED", paint: paint.bad },
        formatTook(device.tookMs),
        "now",
      ],
      ...otherRows(seen, node, device, options),
    ]),
  );
  const failed = [
    ...checks.flatMap(({ node, devices }) =>
      devices
        .filter((device) => !device.ok)
        .map((device) => `${node} ${device.deviceName}, from ${asker}: ${device.detail}`),
    ),
    ...seenFailures(asker, seen, checks),
  ].flatMap((text) => wrap(text, columns));
  const bare = checks.filter(({ devices }) => devices.length === 0).map(({ node }) => node);
  const head = ["NODE", "#", "METHOD", "DEVICE", "AGENT", "FROM", "POWER", "TOOK", "AGE"];
  const blocks = [
    rows.length === 0 ? [] : table(head, rows, { paint, right: [1, 7, 8] }),
    failed,
    alarmLines(seen, checks, options),
    bare.flatMap((node) =>
      wrap(`${node}: no device. If it dies, storage stays held until a person acknowledges it.`, columns).map(
        paint.warn,
      ),
    ),
    predictionLines(seen, checks, options),
    wrap(checkVerdict(asker, checks), columns).map(paint.bold),
  ].filter((block) => block.length > 0);
  return lines(blocks.flatMap((block, at) => (at === 0 ? block : ["", ...block])));
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
