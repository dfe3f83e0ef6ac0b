/** A node's state directory: in order, sometimes slow, full or frozen; what was not synced is lost. */
import type { Effect } from "../core/effects.ts";
import type { Incident } from "../core/ledger.ts";
import type { Inside, SimNode } from "./types.ts";

const DISK_MS = 4;

function onDisk(inside: Inside, node: SimNode, write: () => void): void {
  const { boots, disk } = node;
  const done = (): void => {
    if (node.boots !== boots || node.power === "off") return; // What was not synced is lost.
    if (disk.frozen || node.hung) disk.waiting.push(done);
    else write();
  };
  const ms = (inside.options.diskMs ?? DISK_MS) + disk.slowMs;
  inside.queue.at(inside.queue.now() + inside.vary(ms), done);
}

export function persistEpoch(
  inside: Inside,
  node: SimNode,
  start: number,
  { epoch }: Effect & { type: "persist" },
): void {
  const { n, proposer } = epoch;
  onDisk(inside, node, () => {
    if (node.disk.full) {
      inside.feed(node, start, { type: "persist-failed", n, problem: "no space left on device" });
      return;
    }
    // The journal keeps one record per number and reads the highest.
    if (n >= node.disk.epoch.n) node.disk.epoch = epoch;
    inside.judges.onDurable(node, epoch);
    inside.feed(node, start, { type: "persisted", n, proposer });
  });
}

export function appendIncidents(inside: Inside, node: SimNode, incidents: readonly Incident[]): void {
  onDisk(inside, node, () => {
    if (node.disk.full) return;
    for (const incident of incidents) {
      if (node.disk.incidents.every((known) => known.seq !== incident.seq))
        node.disk.incidents.push(incident);
    }
  });
}

export function adoptIncidents(inside: Inside, node: SimNode, incidents: readonly Incident[]): void {
  onDisk(inside, node, () => {
    if (node.disk.full) return;
    const first = incidents[0]?.seq ?? 0;
    node.disk.incidents = [...node.disk.incidents.filter((i) => i.seq < first), ...incidents];
  });
}

/** The disk answers again: what waited is written now. */
export function thawDisk(node: SimNode): void {
  for (const write of node.disk.waiting.splice(0)) write();
}
