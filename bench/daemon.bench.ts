/** What a daemon costs that waits, and how fast it is there: three daemons on the loopback engine. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openUnixTransport } from "../src/adapters/http/unix-client.ts";
import { openHub } from "../src/adapters/loopback/hub.ts";
import { createClient } from "../src/api/client.ts";
import type { Report } from "./report.ts";

const BOUNCERD = join(import.meta.dirname, "../bouncerd");
const NODES = ["n1", "n2", "n3"];
/** Units: ms. How long the idle daemons are watched. */
const IDLE_MS = 10_000;
/** Units: ticks per second of /proc/PID/stat. */
const TICKS_PER_SECOND = 100;
const CONFIG = `<cluster name="bench" config_version="1"><clusternodes>${NODES.map(
  (name, index) => `<clusternode name="${name}" nodeid="${index + 1}"/>`,
).join("")}</clusternodes></cluster>`;

export async function run(report: Report): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "bouncer-bench-"));
  const children: ChildProcess[] = [];
  const config = join(directory, "cluster.conf");
  writeFileSync(config, CONFIG);
  const hubPath = join(directory, "hub");
  const hub = await openHub({ socketPath: hubPath, tokenMs: 1_000 });
  const start = (node: string): ChildProcess => {
    const files = [
      "--config",
      config,
      "--state-dir",
      join(directory, node),
      "--socket",
      join(directory, `${node}.sock`),
    ];
    const group = [
      "--engine",
      "loopback",
      "--hub",
      hubPath,
      "--node",
      node,
      "--hooks",
      join(directory, "hooks"),
    ];
    const child = spawn(BOUNCERD, [...files, ...group, "--join", "--log-format", "text"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    children.push(child);
    return child;
  };
  const joined = async (node: string, child: ChildProcess): Promise<void> => {
    await new Promise<void>((resolve) => {
      child.stdout?.on("data", (chunk: Buffer) => {
        if (chunk.includes("listens on")) resolve();
      });
    });
    await createClient(openUnixTransport(join(directory, `${node}.sock`))).wait({ for: "open", timeout: 60 });
  };
  try {
    await Promise.all(NODES.map((node) => joined(node, start(node))));
    // Once more, with the compiled code kept, while the others run: what a restart costs.
    const startsMs: number[] = [];
    for (let round = 0; round < 5; round++) {
      const last = children.pop();
      last?.kill("SIGTERM");
      await new Promise((resolve) => last?.on("close", resolve));
      const startedAt = performance.now();
      await joined("n3", start("n3"));
      startsMs.push(performance.now() - startedAt);
    }
    report.samples("exec to joined and open", startsMs, "ms");
    const before = children.map(cpuTicks);
    await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
    const shares = children.map(
      (child, index) =>
        ((cpuTicks(child) - (before[index] ?? 0)) / TICKS_PER_SECOND / (IDLE_MS / 1_000)) * 100,
    );
    report.samples("idle processor use", shares, "% of a core");
    report.samples("idle resident memory", children.map(residentMb), "MB");
  } finally {
    for (const child of children) child.kill("SIGKILL");
    await hub.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Fields 14 and 15: user and system time. */
function cpuTicks({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

/** Of 10^6 bytes. */
function residentMb({ pid }: ChildProcess): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1.024e-3;
}
