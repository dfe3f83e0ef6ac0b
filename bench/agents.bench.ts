/** Built-in agents against Debian's, with the same simulated controller behind both. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { AgentAction, BuiltinAgent } from "../src/agents/frame/agent.ts";
import { loadBuiltin } from "../src/agents/frame/builtin.ts";
import { Values } from "../src/agents/frame/values.ts";
import { createChassis } from "../src/bmc/chassis/chassis.ts";
import { openIpmiSimulator } from "../src/bmc/ipmi/simulator.ts";
import { percentile, type Report } from "./report.ts";

const LOGIN = { user: "admin", password: "bench" };
const BOUNCER = join(import.meta.dirname, "../bouncer");
const ROUNDS_INSIDE = 40;
const ROUNDS_OUTSIDE = 8;
const AT_ONCE = 20;
const NAME = "fence_ilo4";

interface Cost {
  readonly wallMs: number;
  readonly cpuMs: number;
}

export async function run(report: Report): Promise<void> {
  const agent = (await loadBuiltin(NAME)) as BuiltinAgent;
  const chassis = createChassis();
  const simulator = await openIpmiSimulator({ chassis, login: LOGIN });
  try {
    for (const action of ["status", "off"] as const) {
      const inside = await measure(ROUNDS_INSIDE, async () => {
        chassis.turn("on");
        return costInside(agent, action, simulator.port);
      });
      show(report, `${action}, inside the daemon`, inside);
      const cold = await measure(ROUNDS_OUTSIDE, async () => {
        chassis.turn("on");
        return costOutside([BOUNCER, "agent", NAME], action, simulator.port);
      });
      show(report, `${action}, as a command`, cold);
      if (!existsSync(`/usr/sbin/${NAME}`)) {
        report.note(`Debian's ${NAME} is not installed: nothing to compare with`);
        continue;
      }
      const theirs = await measure(ROUNDS_OUTSIDE, async () => {
        chassis.turn("on");
        return costOutside([`/usr/sbin/${NAME}`], action, simulator.port);
      });
      show(report, `${action}, Debian's`, theirs);
      report.ratio(`${action}: wall, Debian's to inside`, wall(theirs), wall(inside));
      report.ratio(`${action}: CPU, Debian's to inside`, cpu(theirs), cpu(inside));
      report.ratio(`${action}: wall, command to Debian's`, wall(cold), wall(theirs));
    }
    await many(report, agent);
  } finally {
    chassis.close();
    await simulator.close();
  }
}

async function measure(rounds: number, once: () => Promise<Cost>): Promise<readonly Cost[]> {
  const costs: Cost[] = [];
  await once(); // The first one loads code.
  for (let round = 0; round < rounds; round++) costs.push(await once());
  return costs;
}

/** The simulator runs in this process too: its share of the time counts as ours. */
async function costInside(agent: BuiltinAgent, action: AgentAction, port: number): Promise<Cost> {
  const before = process.cpuUsage();
  const startedAt = performance.now();
  const answer = await ask(agent, action, port);
  const wallMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(before);
  if (!answer.ok) throw new Error(answer.problem.detail);
  return { wallMs, cpuMs: (user + system) / 1_000 };
}

function ask(agent: BuiltinAgent, action: AgentAction, port: number) {
  const given = { ip: "127.0.0.1", ipport: String(port), username: LOGIN.user, password: LOGIN.password };
  return agent.run(action, new Values(agent.parameters, new Map(Object.entries(given))), {
    signal: new AbortController().signal,
    deadline: performance.now() + 20_000,
    identity: "skip",
  });
}

/** CPU time of the whole family of processes, as `time` counts it. */
function costOutside(command: readonly string[], action: AgentAction, port: number): Promise<Cost> {
  const account = ["-a", "127.0.0.1", "-u", String(port), "-l", LOGIN.user, "-p", LOGIN.password];
  const argv = [...command, ...account, "--power-wait=0", "-C", "17", "-o", action];
  const script = 'TIMEFORMAT="%U %S"; time "$@" >/dev/null 2>&1';
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn("bash", ["-c", script, "bench", ...argv], { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.on("data", (part) => {
      said += part;
    });
    child.on("error", reject);
    child.on("close", (code) => {
      const wallMs = performance.now() - startedAt;
      const times = said.trim().split(/\s+/).map(Number);
      const seconds = times.reduce((sum, one) => sum + one, 0);
      if (code !== 0) reject(new Error(`${argv[0]} ended with ${code}`));
      else resolve({ wallMs, cpuMs: seconds * 1_000 });
    });
  });
}

/** Twenty devices, each with its own controller, asked at one time. */
async function many(report: Report, agent: BuiltinAgent): Promise<void> {
  const rigs = await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      const chassis = createChassis();
      return { chassis, simulator: await openIpmiSimulator({ chassis, login: LOGIN }) };
    }),
  );
  try {
    const before = process.memoryUsage.rss();
    const startedAt = performance.now();
    const answers = await Promise.all(rigs.map(({ simulator }) => ask(agent, "status", simulator.port)));
    report.figure(`${AT_ONCE} devices at once, status`, performance.now() - startedAt, "ms");
    report.figure(
      `${AT_ONCE} devices at once, more memory`,
      (process.memoryUsage.rss() - before) / 1e6,
      "MB",
    );
    report.figure("of them answered", answers.filter(({ ok }) => ok).length, "devices");
  } finally {
    for (const { chassis, simulator } of rigs) {
      chassis.close();
      await simulator.close();
    }
  }
}

function show(report: Report, name: string, costs: readonly Cost[]): void {
  report.samples(
    `${name}: wall`,
    costs.map(({ wallMs }) => wallMs),
    "ms",
  );
  report.figure(`${name}: CPU`, cpu(costs), "ms");
}

function wall(costs: readonly Cost[]): number {
  return percentile(
    costs.map(({ wallMs }) => wallMs),
    0.5,
  );
}

function cpu(costs: readonly Cost[]): number {
  return costs.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / Math.max(1, costs.length);
}
