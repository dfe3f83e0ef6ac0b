/** Locks on three nodes with real Corosync: against the raw group below them, and against etcd's. */
import { spawn } from "node:child_process";
import { NODE_ENVIRONMENT } from "../src/lab/places.ts";
import { entering } from "../src/lab/space/enter.ts";
import { openLabStage } from "../src/lab/stage.ts";
import { measureEtcd } from "./locks/etcd.ts";
import type { LockFigures } from "./locks/measure.ts";
import { type Bench, percentile, type Report } from "./report.ts";

const MEMBER = new URL("./locks/member.ts", import.meta.url).pathname;
const MEASURED = "tpve02";

async function measureMembers(): Promise<LockFigures> {
  const stage = await openLabStage({ nodes: 3, bare: true, say: () => {} });
  try {
    const run = async (node: string, ...argv: readonly string[]): Promise<string> => {
      const { pid } = await stage.lab.node(node).init();
      const [file = "", ...rest] = [...entering(pid), process.execPath, "--expose-gc", MEMBER, ...argv];
      const child = spawn(file, rest, { stdio: ["ignore", "pipe", "inherit"], env: NODE_ENVIRONMENT });
      let text = "";
      child.stdout.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      return new Promise((resolve, reject) => {
        child.once("close", (code) =>
          code === 0 ? resolve(text) : reject(new Error(`the process on ${node} ended with ${code}`)),
        );
      });
    };
    // They end with the lab.
    for (const node of ["tpve01", "tpve03"]) void run(node, "serve").catch(() => {});
    return JSON.parse(await run(MEASURED, "measure")) as LockFigures;
  } finally {
    await stage.close();
  }
}

function tell(report: Report, figures: LockFigures): void {
  const { rawRates, rawTrips, pairRates, grants } = figures;
  const middle = (samples: readonly number[]): number => percentile(samples, 0.5);
  report.samples("libcpg: messages of 200 bytes", rawRates, "per s");
  report.samples("uncached lock and unlock, pipelined", pairRates, "pairs per s");
  report.ratio("  pairs to raw messages (aim 0.5)", middle(pairRates), middle(rawRates));
  report.samples("libcpg: round trip", rawTrips, "ms");
  report.samples("one uncached grant", grants, "ms");
  report.ratio("  grant to raw round trip (aim 2.5)", middle(grants), middle(rawTrips));
  report.figure(
    "granted again from the node's own, in the process (aim 100,000)",
    figures.againRate,
    "per s",
  );
  report.figure("  of its own processor time", figures.againCpuRate, "per s");
  report.figure("granted again through the socket (aim 20,000)", figures.againSocketRate, "per s");
  report.figure("100,000 locks (aim 200)", figures.manyMegabytes, "MB of heap");
  report.figure("  the whole process with them", figures.manyResident, "MB resident");
}

export const run: Bench = async (report) => {
  if (process.getuid?.() !== 0) {
    report.note("needs root: namespaces and Corosync");
    return;
  }
  const figures = await measureMembers();
  tell(report, figures);
  const etcd = await measureEtcd();
  if (etcd === undefined) report.note("etcd is not there: Debian's etcd-server");
  else {
    report.samples("etcd, three members: one grant", etcd.grants, "ms");
    report.ratio("  to ours", percentile(etcd.grants, 0.5), percentile(figures.grants, 0.5));
    report.figure("etcd: lock and unlock, 64 at once", etcd.pairRate, "pairs per s");
    report.ratio("  ours to etcd's", percentile(figures.pairRates, 0.5), etcd.pairRate);
  }
};
