/** A node's state directory: in order, sometimes slow, full or frozen; what was not synced may be lost. */
import type { ConfigStamp } from "../core/configuration/stamp.ts";
import type { Effect } from "../core/effects.ts";
import type { Inside, JournalJob, PendingWrite, SimDisk, SimNode } from "./types.ts";

const DISK_MS = 4;
/** Pause before the journal asks a disk that refused. */
const JOURNAL_RETRY_MS = 15_000;

/** `land` puts it on the platter; `tell` answers the daemon, if that still waits for it. */
function onDisk(inside: Inside, node: SimNode, land: () => void, tell: () => void): void {
  const { starts, disk } = node;
  const write: PendingWrite = { land };
  disk.pending.push(write);
  const done = (): void => {
    if (node.starts !== starts || node.core === undefined) return; // See `onDeath`.
    if (disk.frozen || node.hung) {
      disk.waiting.push(done);
      return;
    }
    disk.pending = disk.pending.filter((one) => one !== write);
    land();
    tell();
  };
  const ms = (inside.options.diskMs ?? DISK_MS) + disk.slowMs;
  disk.busyUntil = Math.max(disk.busyUntil, inside.queue.now() + inside.vary(ms));
  inside.queue.at(disk.busyUntil, done);
}

/**
 * The daemon is no more, or its machine. Nobody is told any more what became of its writes; some, in
 * order, have reached the platter all the same.
 */
export function onDeath(inside: Inside, node: SimNode, what: "daemon" | "machine"): void {
  const { disk } = node;
  const writes = disk.pending;
  disk.pending = [];
  disk.busyUntil = 0;
  disk.waiting = [];
  disk.jobs = [];
  if (disk.frozen || disk.full || writes.length === 0) return;
  // In a kind world a machine loses everything that was not synced, a daemon nothing.
  const kind = what === "machine" ? 0 : writes.length;
  const landed = inside.hostility.spread === 0 ? kind : inside.random.int(0, writes.length);
  for (const write of writes.slice(0, landed)) write.land();
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
  const land = (): void => {
    if (node.disk.full) return;
    node.disk.epoch = epoch;
    if (withText) node.disk.texts.add(digest);
    inside.judges.onDurable(node, epoch);
  };
  onDisk(inside, node, land, () => {
    if (!node.disk.full) inside.feed(node, start, { type: "persisted", n, proposer });
    else inside.feed(node, start, { type: "persist-failed", n, problem: "no space left on device" });
  });
}

/** One write of the journal after another; a disk that refuses is asked again. */
function work(inside: Inside, node: SimNode): void {
  const { starts, disk } = node;
  const [job] = disk.jobs;
  if (job === undefined) return;
  const land = (): void => {
    if (!disk.full) store(disk, job);
  };
  onDisk(inside, node, land, () => {
    if (disk.full) {
      inside.queue.at(inside.queue.now() + JOURNAL_RETRY_MS, () => {
        if (node.starts === starts && disk.jobs[0] === job) work(inside, node);
      });
      return;
    }
    disk.jobs.shift();
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
  const land = (): void => {
    if (!node.disk.full) node.disk.configs = configs;
  };
  onDisk(inside, node, land, () => {});
}

/** The disk answers again: what waited is written now. */
export function thawDisk(node: SimNode): void {
  for (const write of node.disk.waiting.splice(0)) write();
}
