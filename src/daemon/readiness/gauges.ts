/** The readiness as a monitoring system reads it: what this node itself sees. */
import type { ReadinessView } from "../../core/readiness/view.ts";
import type { Family, Sample } from "../metrics-text.ts";

export function readinessGauges({ node: self, nodes }: ReadinessView): readonly Family[] {
  const own = nodes.flatMap(({ node, devices }) =>
    devices.flatMap(({ methodName, deviceName, cells, verdict }) => {
      const cell = cells.find(({ from }) => from === self);
      return cell === undefined
        ? []
        : [{ labels: { node, method: methodName, device: deviceName }, cell, verdict }];
    }),
  );
  const gauge = (name: string, help: string, samples: readonly Sample[]): Family => ({
    name,
    help,
    type: "gauge",
    samples,
  });
  const seconds = (ms: number | undefined): readonly number[] => (ms === undefined ? [] : [ms / 1_000]);
  return [
    gauge(
      "device_ready",
      "1: this node read the power from this fence device at its last look",
      own.map(({ labels, cell }) => ({ labels, value: Number(cell.standing === "ready") })),
    ),
    gauge(
      "device_latency_seconds",
      "how long the last look at the fence device took",
      own.flatMap(({ labels, cell }) => seconds(cell.tookMs).map((value) => ({ labels, value }))),
    ),
    gauge(
      "device_age_seconds",
      "time since the last look at the fence device",
      own.flatMap(({ labels, cell }) => seconds(cell.ageMs).map((value) => ({ labels, value }))),
    ),
    gauge(
      "device_identity_wrong",
      "1: the fence device says that it is another machine's",
      own.map(({ labels, verdict }) => ({
        labels,
        value: Number(verdict === "other" || verdict === "stranger"),
      })),
    ),
    gauge(
      "node_fence_seconds",
      "predicted time from the loss of a node to the proof that it is off; absent: it would not happen",
      nodes.flatMap(({ node, prediction }) =>
        prediction.type === "after" ? [{ labels: { node }, value: prediction.ms / 1_000 }] : [],
      ),
    ),
    gauge(
      "fence_alarms",
      "what is wrong with the fence devices of a node, as this node sees it",
      nodes.map(({ node, alarms }) => ({ labels: { node }, value: alarms.length })),
    ),
  ];
}
