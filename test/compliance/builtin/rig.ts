/** What the tests of built-in agents share: a simulated controller, and an agent called as a command. */
import { spawn } from "node:child_process";
import type { TestContext } from "node:test";
import type { AgentAction, AgentAnswer } from "../../../src/agents/frame/agent.ts";
import { loadBuiltin } from "../../../src/agents/frame/builtin.ts";
import { type CommandWorld, runCommand } from "../../../src/agents/frame/command.ts";
import { Values } from "../../../src/agents/frame/values.ts";
import { type Chassis, type ChassisOptions, createChassis } from "../../../src/bmc/chassis/chassis.ts";
import type { IpmiSimulatorOptions } from "../../../src/bmc/ipmi/options.ts";
import { type IpmiSimulator, openIpmiSimulator } from "../../../src/bmc/ipmi/simulator.ts";

export const LOGIN = { user: "admin", password: "canary-7d1f" } as const;

export interface IpmiRig {
  readonly chassis: Chassis;
  readonly simulator: IpmiSimulator;
  readonly port: string;
}

export async function openRig(
  t: TestContext,
  options: Partial<IpmiSimulatorOptions> = {},
  chassisOptions: ChassisOptions = {},
): Promise<IpmiRig> {
  const chassis = createChassis(chassisOptions);
  const simulator = await openIpmiSimulator({ chassis, login: LOGIN, ...options });
  t.after(async () => {
    chassis.close();
    await simulator.close();
  });
  return { chassis, simulator, port: String(simulator.port) };
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built-in agent as a command, in this process. */
export async function runOurs(
  name: string,
  argv: readonly string[],
  stdin = "",
  more: Partial<CommandWorld> = {},
): Promise<Ended> {
  const agent = await loadBuiltin(name);
  if (agent === undefined) throw new Error(`${name} is not built in`);
  let stdout = "";
  let stderr = "";
  const code = await runCommand(agent, argv, {
    out: (text) => {
      stdout += text;
    },
    err: (text) => {
      stderr += text;
    },
    stdin: async () => stdin,
    shell: async (script) => (await runProgram(["/bin/sh", "-c", script])).stdout,
    append: () => true,
    wall: () => new Date(),
    env: {},
    signal: new AbortController().signal,
    version: "0",
    ...more,
  });
  return { code, stdout, stderr };
}

/** Units: ms. */
const PROGRAM_MS_MAX = 60_000;

export function runProgram(argv: readonly string[], stdin = ""): Promise<Ended> {
  const [program = "", ...args] = argv;
  return new Promise((resolve, reject) => {
    const env = { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C", PYTHONWARNINGS: "ignore" };
    const child = spawn(program, args, { env, timeout: PROGRAM_MS_MAX, killSignal: "SIGKILL" });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (part) => {
      stdout += part;
    });
    child.stderr.on("data", (part) => {
      stderr += part;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
    child.stdin.on("error", () => {}); // It may not read what it is given.
    child.stdin.end(stdin);
  });
}

/** The agent as the daemon calls it: parameters in, a value out. */
export async function ask(
  name: string,
  action: AgentAction,
  given: Readonly<Record<string, string>>,
  more: {
    readonly budgetMs?: number;
    readonly signal?: AbortSignal;
    readonly identity?: "ask" | "skip";
  } = {},
): Promise<AgentAnswer> {
  const agent = await loadBuiltin(name);
  if (agent === undefined) throw new Error(`${name} is not built in`);
  const { budgetMs = 20_000, signal = new AbortController().signal, identity = "skip" } = more;
  const values = new Values(agent.parameters, new Map(Object.entries(given)));
  return agent.run(action, values, { signal, deadline: performance.now() + budgetMs, identity });
}

export function account(rig: IpmiRig): Record<string, string> {
  return {
    ip: "127.0.0.1",
    ipport: rig.port,
    username: LOGIN.user,
    password: LOGIN.password,
    power_timeout: "3",
  };
}
