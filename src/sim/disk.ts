/** A node's state directory: in order, sometimes slow, full or frozen; what was not synced is lost. */
import type { ConfigStamp } from "../core/configuration/stamp.ts";
import type { Effect } from "../core/effects.ts";
import type { Inside, JournalJob, SimDisk, SimNode } from "./types.ts";

const DISK_MS = 4;
/** Pause before the journal asks a disk that refused. */
const JOURNAL_RETRY_MS = 15_000;

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
  const { digest } = epoch.config;
  const withText = node.texts.has(digest); // It goes with the write, whatever becomes of the daemon.
  onDisk(inside, node, () => {
    if (node.disk.full) {
      inside.feed(node, start, { type: "persist-failed", n, problem: "no space left on device" });
      return;
    }
    node.disk.epoch = epoch;
    if (withText) node.disk.texts.add(digest);
    inside.judges.onDurable(node, epoch);
    inside.feed(node, start, { type: "persisted", n, proposer });
  });
}

/** One write of the journal after another; a disk that refuses is asked again. */
function work(inside: Inside, node: SimNode): void {
  const { starts, disk } = node;
  const [job] = disk.jobs;
  if (job === undefined) return;
  onDisk(inside, node, () => {
    if (disk.jobs[0] !== job) return; // The daemon that waited for it is gone.
    if (disk.full) {
      inside.queue.at(inside.queue.now() + JOURNAL_RETRY_MS, () => {
        if (node.starts === starts && disk.jobs[0] === job) work(inside, node);
      });
      return;
    }
    disk.jobs.shift();
    store(disk, job);
    work(inside, node);
  });
}

/** From the first incident that differs from what is there on, the old ones go. */
function store(disk: SimDisk, job: JournalJob): void {
  for (const incident of job.incidents) {
    const present = disk.incidents.find((known) => known.seq === incident.seq);
    if (present?.hash === incident.hash) continue;
    if (present !== undefined) disk.incidents = disk.incidents.filter((known) => known.seq < incident.seq);
    disk.incidents.push(incident);
  }
  const last = job.incidents.at(-1);
  if (job.type === "adopt" && last !== undefined) {
    disk.incidents = disk.incidents.filter((known) => known.seq <= last.seq);
  }
  disk.incidents.sort((x, y) => x.seq - y.seq);
}

export function writeIncidents(inside: Inside, node: SimNode, job: JournalJob): void {
  const { disk } = node;
  if (job.type === "adopt") disk.jobs = disk.jobs.slice(0, 1);
  disk.jobs.push(job);
  if (disk.jobs.length === 1) work(inside, node);
}

/** Which configurations were activated: written beside everything, lost when the disk refuses. */
export function writeConfigs(inside: Inside, node: SimNode, configs: readonly ConfigStamp[]): void {
  onDisk(inside, node, () => {
    if (!node.disk.full) node.disk.configs = configs;
  });
}

/** The disk answers again: what waited is written now. */
export function thawDisk(node: SimNode): void {
  for (const write of node.disk.waiting.splice(0)) write();
}
