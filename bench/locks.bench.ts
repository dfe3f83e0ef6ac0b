/** Locks on three nodes with real Corosync: against the raw group below them, and against etcd's. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { NODE_ENVIRONMENT } from "../src/lab/places.ts";
import { entering } from "../src/lab/space/enter.ts";
import { type LabStage, openLabStage } from "../src/lab/stage.ts";
import { measureEtcd } from "./locks/etcd.ts";
import { type LockFigures, MEASURED_PARTS } from "./locks/measure.ts";
import type { Thaw } from "./locks/thaw.ts";
import { type Bench, percentile, type Report } from "./report.ts";

/** `etcd` says how its figures compare where `pairs` and `grants` were asked for, too. */
export const PARTS = [...MEASURED_PARTS, "thaw", "etcd"];

const MEMBER = new URL("./locks/member.ts", import.meta.url).pathname;
const SOCKET = "/run/bouncer/bench-locks.sock";
const MEASURED = "tpve02";
const LOST = "tpve03";
const THAW_LOCKS = 10_000;
const THAW_ROUNDS = 3;

/** Answers what gives its next line. All of them end with the lab. */
async function start(
  stage: LabStage,
  node: string,
  ...argv: readonly string[]
): Promise<() => Promise<string>> {
  const { pid } = await stage.lab.node(node).init();
  const [file = "", ...rest] = [...entering(pid), process.execPath, "--expose-gc", MEMBER, ...argv];
  const child = spawn(file, rest, { stdio: ["ignore", "pipe", "inherit"], env: NODE_ENVIRONMENT });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return async () => {
    const line = await lines.next();
    if (line.done === true) throw new Error(`the process on ${node} has ended`);
    return line.value;
  };
}

async function onLab<T>(work: (stage: LabStage) => Promise<T>): Promise<T> {
  const stage = await openLabStage({ nodes: 3, bare: true, say: () => {} });
  try {
    return await work(stage);
  } finally {
    await stage.close();
  }
}

async function measureMembers(stage: LabStage, parts: readonly string[]): Promise<LockFigures> {
  for (const node of ["tpve01", LOST]) await start(stage, node, "serve", SOCKET);
  const measured = await start(stage, MEASURED, "measure", SOCKET, parts.join(","));
  return JSON.parse(await measured()) as LockFigures;
}

async function measureThaw(stage: LabStage): Promise<Thaw> {
  const locks = String(THAW_LOCKS);
  await start(stage, "tpve01", "serve", SOCKET);
  await start(stage, LOST, "serve", SOCKET, locks);
  const measured = await start(stage, MEASURED, "thaw", SOCKET, locks);
  await measured();
  await stage.cut(LOST);
  return JSON.parse(await measured()) as Thaw;
}

const middle = (samples: readonly number[]): number => percentile(samples, 0.5);

function tell(report: Report, { pairs, grants, again, socket, many }: LockFigures): void {
  if (pairs !== undefined) {
    report.samples("libcpg: messages of 200 bytes", pairs.raw, "per s");
    report.samples("uncached lock and unlock, pipelined", pairs.ours, "pairs per s");
    report.ratio("  pairs to raw messages (aim 0.5)", middle(pairs.ours), middle(pairs.raw));
  }
  if (grants !== undefined) {
    report.samples("libcpg: round trip", grants.raw, "ms");
    report.samples("one uncached grant", grants.ours, "ms");
    report.ratio("  grant to raw round trip (aim 2.5)", middle(grants.ours), middle(grants.raw));
  }
  if (again !== undefined) {
    report.figure("granted again from the node's own, in the process (aim 100,000)", again.rate, "per s");
    report.figure("  of its own processor time", again.cpuRate, "per s");
  }
  if (socket !== undefined) report.figure("granted again through the socket (aim 20,000)", socket, "per s");
  if (many !== undefined) {
    const [before, after] = many.process;
    report.figure("100,000 locks (aim 200)", many.heap, "MB of heap");
    report.figure("  the whole process before", before, "MB resident");
    report.figure("  the whole process with them", after, "MB resident");
  }
}

async function compareWithEtcd(report: Report, { pairs, grants }: LockFigures): Promise<void> {
  const etcd = await measureEtcd();
  if (etcd === undefined) return report.note("etcd is not there: Debian's etcd-server");
  report.samples("etcd, three members: one grant", etcd.grants, "ms");
  if (grants !== undefined)
    report.ratio("  to ours (ahead: above 1)", middle(etcd.grants), middle(grants.ours));
  report.figure("etcd: lock and unlock, 64 at once", etcd.pairRate, "pairs per s");
  if (pairs !== undefined)
    report.ratio("  ours to etcd's (ahead: above 1)", middle(pairs.ours), etcd.pairRate);
}

export const run: Bench = async (report, parts) => {
  if (process.getuid?.() !== 0) {
    report.note("needs root: namespaces and Corosync");
    return;
  }
  const isWanted = (part: string): boolean => parts.length === 0 || parts.includes(part);
  const measured = MEASURED_PARTS.filter(isWanted);
  const figures = measured.length > 0 ? await onLab((stage) => measureMembers(stage, measured)) : {};
  tell(report, figures);
  if (isWanted("thaw")) {
    const thaws: Thaw[] = [];
    for (let round = 0; round < THAW_ROUNDS; round++) thaws.push(await onLab(measureThaw));
    report.note(`a node is lost: ${THAW_LOCKS} locks are its own, as many are another's`);
    report.samples(
      "view to notes compared",
      thaws.map(({ compared }) => compared),
      "ms",
    );
    report.samples(
      "last evidence to thaw (aim 50)",
      thaws.map(({ thawed }) => thawed),
      "ms",
    );
  }
  if (isWanted("etcd")) await compareWithEtcd(report, figures);
};
