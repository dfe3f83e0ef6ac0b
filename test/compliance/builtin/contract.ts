/**
 * What every built-in agent has to keep, whatever it speaks: it works, and no fault of its device makes
 * it say off of what is on. Run for each simulator that there is, and for the template.
 */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { AgentAction, AgentAnswer, BuiltinAgent } from "../../../src/agents/frame/agent.ts";
import { Values } from "../../../src/agents/frame/values.ts";
import type { Start } from "../../../src/bmc/by-hand/simulated.ts";
import { createChassis } from "../../../src/bmc/chassis/chassis.ts";

const LOGIN = "admin";
const PASSWORD = "password-1";
/** Units: ms. A device that works is given the time of a busy machine, one that does not only a little. */
const WORKING_MS = 20_000;
const FAILING_MS = 1_500;

/** With these the device still does what it is told, sooner or later. */
const HARMLESS: ReadonlySet<string> = new Set([
  "none",
  "restarts",
  "sessions-full",
  "certificate",
  "host-key",
  "migrate",
  "slow",
  "drops",
]);

export interface Contract {
  readonly agent: BuiltinAgent;
  readonly start: Start;
  /** Parameters besides address and login. */
  readonly more: Readonly<Record<string, string>>;
  /** `none`: only that it works. */
  readonly faults?: "all" | "none";
}

export async function keepsContract(
  t: TestContext,
  { agent, start, more, faults = "all" }: Contract,
): Promise<void> {
  const chassis = createChassis();
  const simulated = await start({ chassis, host: "127.0.0.1", port: 0, login: LOGIN, password: PASSWORD });
  t.after(() => simulated.close());
  const account = { ip: simulated.host, ipport: String(simulated.port), username: LOGIN, password: PASSWORD };

  function run(
    action: AgentAction,
    given: Readonly<Record<string, string>>,
    budgetMs: number,
  ): Promise<AgentAnswer> {
    const values = new Values(agent.parameters, new Map(Object.entries({ ...account, ...given })));
    const deadline = performance.now() + budgetMs;
    return agent.run(action, values, { signal: new AbortController().signal, deadline, identity: "skip" });
  }

  const patient = Object.fromEntries(Object.entries(more).filter(([name]) => !name.endsWith("_timeout")));
  const works = async (action: AgentAction, power: "on" | "off", said: readonly string[]): Promise<void> => {
    const answer = await run(action, patient, WORKING_MS);
    assert.deepEqual([answer.ok, answer.said], [true, said], `${action}: ${JSON.stringify(answer)}`);
    assert.deepEqual([answer.power, chassis.power], [power, power], action);
  };
  await works("status", "on", ["Status: ON"]);
  await works("off", "off", ["Success: Powered OFF"]);
  await works("off", "off", ["Success: Already OFF"]);
  await works("status", "off", ["Status: OFF"]);
  await works("on", "on", ["Success: Powered ON"]);
  await works("reboot", "on", ["Success: Rebooted"]);
  assert.equal(chassis.offCount, 2);
  if (faults === "none") return;

  for (const [fault, begin] of Object.entries(simulated.faults)) {
    chassis.turn("on");
    await begin();
    const startedAt = performance.now();
    const answer = await run("off", { ...more, power_timeout: "1" }, FAILING_MS);
    assert.ok(performance.now() - startedAt < WORKING_MS, `${fault}: it ends`);
    if (answer.power === "off") assert.equal(chassis.power, "off", `${fault} made it believe`);
    if (!HARMLESS.has(fault)) assert.equal(answer.ok, false, `${fault}: ${JSON.stringify(answer)}`);
    assert.ok(!JSON.stringify(answer).includes(PASSWORD), `${fault}: it told the password`);
  }
}
