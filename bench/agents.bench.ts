/**
 * Built-in agents against Debian's, with the same simulated controller behind both: inside the daemon, and
 * as a command.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { AgentAction, BuiltinAgent } from "../src/agents/frame/agent.ts";
import { loadBuiltin } from "../src/agents/frame/builtin.ts";
import { Values } from "../src/agents/frame/values.ts";
import { createWarm, type Warm } from "../src/agents/frame/warm.ts";
import { type Chassis, createChassis } from "../src/bmc/chassis/chassis.ts";
import { openIpmiSimulator } from "../src/bmc/ipmi/simulator.ts";
import { openRedfishSimulator } from "../src/bmc/redfish/simulator.ts";
import { REDFISH_STYLES } from "../src/bmc/redfish/style.ts";
import { RIBCL_MODELS } from "../src/bmc/ribcl/model.ts";
import { openRibclSimulator } from "../src/bmc/ribcl/simulator.ts";
import { type Cost, costInside, costOutside, measure } from "./agent-costs.ts";
import { percentile, type Report } from "./report.ts";

const LOGIN = { user: "admin", password: "bench" };
const BOUNCER = join(import.meta.dirname, "../bouncer");
const ROUNDS_INSIDE = 40;
const ROUNDS_OUTSIDE = 8;
const AT_ONCE = 20;

interface Simulator {
  readonly port: number;
  close(): Promise<void>;
}

interface Kind {
  readonly name: string;
  readonly open: (chassis: Chassis) => Promise<Simulator>;
  /** Besides address, port, login and password. */
  readonly more: Readonly<Record<string, string>>;
}

const KINDS: readonly Kind[] = [
  {
    name: "fence_ilo4",
    open: (chassis) => openIpmiSimulator({ chassis, login: LOGIN }),
    more: { cipher: "17" },
  },
  {
    name: "fence_ilo2",
    open: (chassis) => openRibclSimulator({ model: RIBCL_MODELS.ilo2, chassis, login: LOGIN }),
    more: { ssl_insecure: "1" },
  },
  {
    name: "fence_redfish",
    open: (chassis) => openRedfishSimulator({ style: REDFISH_STYLES.ilo5, chassis, login: LOGIN }),
    more: { ssl_insecure: "1" },
  },
];

export async function run(report: Report): Promise<void> {
  for (const kind of KINDS) {
    const chassis = createChassis();
    const simulator = await kind.open(chassis);
    try {
      for (const action of ["status", "off"] as const)
        await compare(report, kind, action, chassis, simulator);
    } finally {
      chassis.close();
      await simulator.close();
    }
  }
  for (const kind of KINDS) await many(report, kind);
}

async function compare(
  report: Report,
  { name, more }: Kind,
  action: AgentAction,
  chassis: Chassis,
  { port }: Simulator,
): Promise<void> {
  const agent = (await loadBuiltin(name)) as BuiltinAgent;
  const on = (): void => chassis.turn("on");
  const what = `${name} ${action}`;
  const warm = createWarm();
  const inside = await measure(ROUNDS_INSIDE, on, () =>
    costInside(() => ask(agent, action, port, more, warm)),
  );
  show(report, `${what}, inside the daemon`, inside);
  const argv = commandLine(action, port, more);
  const cold = await measure(ROUNDS_OUTSIDE, on, () => costOutside([BOUNCER, "agent", name, ...argv]));
  show(report, `${what}, as a command`, cold);
  if (!existsSync(`/usr/sbin/${name}`)) {
    report.note(`Debian's ${name} is not installed: nothing to compare with`);
    return;
  }
  const theirs = await measure(ROUNDS_OUTSIDE, on, () => costOutside([`/usr/sbin/${name}`, ...argv]));
  show(report, `${what}, Debian's`, theirs);
  report.ratio(`${what}: wall, Debian's to inside`, wall(theirs), wall(inside));
  report.ratio(`${what}: CPU, Debian's to inside`, cpu(theirs), cpu(inside));
  report.ratio(`${what}: wall, command to Debian's`, wall(cold), wall(theirs));
}

async function ask(
  agent: BuiltinAgent,
  action: AgentAction,
  port: number,
  more: Kind["more"],
  warm: Warm,
): Promise<void> {
  const account = { username: LOGIN.user, password: LOGIN.password };
  const given = { ip: "127.0.0.1", ipport: String(port), ...account, ...more };
  const answer = await agent.run(action, new Values(agent.parameters, new Map(Object.entries(given))), {
    signal: new AbortController().signal,
    deadline: performance.now() + 20_000,
    identity: "skip",
    warm,
  });
  if (!answer.ok) throw new Error(answer.problem.detail);
}

function commandLine(action: AgentAction, port: number, more: Kind["more"]): readonly string[] {
  const account = ["-a", "127.0.0.1", "-u", String(port), "-l", LOGIN.user, "-p", LOGIN.password];
  const others = Object.entries(more).map(([name, value]) =>
    name === "ssl_insecure" ? "--ssl-insecure" : `--${name}=${value}`,
  );
  return [...account, ...others, "--power-wait=0", "-o", action];
}

/** Twenty devices, each with its own controller, asked at one time. */
async function many(report: Report, { name, open, more }: Kind): Promise<void> {
  const agent = (await loadBuiltin(name)) as BuiltinAgent;
  const warm = createWarm();
  const rigs = await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      const chassis = createChassis();
      return { chassis, simulator: await open(chassis) };
    }),
  );
  try {
    const before = process.memoryUsage.rss();
    const startedAt = performance.now();
    await Promise.all(rigs.map(({ simulator }) => ask(agent, "status", simulator.port, more, warm)));
    report.figure(`${name}, ${AT_ONCE} devices at once, status`, performance.now() - startedAt, "ms");
    const moreMb = (process.memoryUsage.rss() - before) / 1e6;
    report.figure(`${name}, ${AT_ONCE} devices at once, more memory (simulators included)`, moreMb, "MB");
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
  const peaks = costs.flatMap(({ peakMb }) => peakMb ?? []);
  if (peaks.length > 0) report.figure(`${name}: peak memory`, Math.max(...peaks), "MB");
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
