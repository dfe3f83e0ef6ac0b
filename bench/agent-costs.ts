/** What one run of an agent costs: in this process, or as a command with everything below it. */
import { spawn } from "node:child_process";

export interface Cost {
  readonly wallMs: number;
  readonly cpuMs: number;
  /** Units: MB. Of the largest process; absent for runs inside. */
  readonly peakMb?: number;
}

/** The simulator runs in this process too: its share of the time counts as the agent's. */
export async function costInside(run: () => Promise<void>): Promise<Cost> {
  const before = process.cpuUsage();
  const startedAt = performance.now();
  await run();
  const wallMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(before);
  return { wallMs, cpuMs: (user + system) / 1_000 };
}

/** CPU time of the whole family, and the memory of its largest member: as the kernel accounts for them. */
const ACCOUNT = `
import resource, subprocess, sys, time
start = time.monotonic()
code = subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
wall = time.monotonic() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(wall, used.ru_utime + used.ru_stime, used.ru_maxrss, code)
`;

export function costOutside(argv: readonly string[]): Promise<Cost> {
  return new Promise((resolve, reject) => {
    const child = spawn("python3", ["-c", ACCOUNT, ...argv], { stdio: ["ignore", "pipe", "inherit"] });
    let said = "";
    child.stdout.on("data", (part) => {
      said += part;
    });
    child.on("error", reject);
    child.on("close", () => {
      const [wall = Number.NaN, cpu = Number.NaN, kib = Number.NaN, code = Number.NaN] = said
        .trim()
        .split(" ")
        .map(Number);
      if (code !== 0) reject(new Error(`${argv.join(" ")} ended with ${code}`));
      else resolve({ wallMs: wall * 1_000, cpuMs: cpu * 1_000, peakMb: (kib * 1_024) / 1e6 });
    });
  });
}

/** The first run loads code and is not counted. */
export async function measure(
  rounds: number,
  prepare: () => void,
  once: () => Promise<Cost>,
): Promise<readonly Cost[]> {
  const costs: Cost[] = [];
  for (let round = 0; round <= rounds; round++) {
    prepare();
    const cost = await once();
    if (round > 0) costs.push(cost);
  }
  return costs;
}
