/** Simulators as `bouncer bmc` starts them: each type works, and no fault of theirs makes a false off. */
import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { loadBuiltin } from "../../../src/agents/frame/builtin.ts";
import { Values } from "../../../src/agents/frame/values.ts";
import { BY_HAND_TYPES, loadByHand } from "../../../src/bmc/by-hand/types.ts";
import { createChassis } from "../../../src/bmc/chassis/chassis.ts";
import { systemPath } from "../../../src/bmc/redfish/resources.ts";
import { REDFISH_STYLES } from "../../../src/bmc/redfish/style.ts";

/** An agent that speaks to each type, and what it needs besides address and login. */
const AGENTS: Readonly<Record<string, readonly [agent: string, more: Record<string, string>]>> = {
  ipmi: ["fence_ilo4", { ipmitool_timeout: "0" }],
  ilo: ["fence_ilo", { ssl_insecure: "1", shell_timeout: "1", login_timeout: "1" }],
  "redfish-multi": [
    "fence_redfish",
    { ssl_insecure: "1", shell_timeout: "1", systems_uri: systemPath(REDFISH_STYLES.multi.machine) },
  ],
  redfish: ["fence_redfish", { ssl_insecure: "1", shell_timeout: "1" }],
  apc: ["fence_apc_snmp", { plug: "1", community: "password-1", shell_timeout: "1" }],
  tripplite: ["fence_apc_snmp", { plug: "1", community: "password-1", shell_timeout: "1" }],
  eaton: ["fence_eaton_snmp", { plug: "1", community: "password-1", shell_timeout: "1" }],
};
/** With these the device still does what it is told, sooner or later. */
const HARMLESS: ReadonlySet<string> = new Set([
  "none",
  "restarts",
  "sessions-full",
  "certificate",
  "slow",
  "drops",
]);

/** One of each family has all its faults tried; of the others it is enough that they work. */
const THOROUGH: ReadonlySet<string> = new Set(["ipmi", "ilo2", "redfish-ilo5", "apc-rpdu"]);

describe("simulators by hand: no fault makes an off of what is on", { concurrency: true }, () => {
  for (const type of BY_HAND_TYPES) test(type, (t) => tryFaults(t, type));
});

async function tryFaults(t: TestContext, type: string): Promise<void> {
  const family = Object.keys(AGENTS).find((name) => type.startsWith(name));
  assert.ok(family !== undefined, `${type} needs an agent in this test`);
  const [name, more] = AGENTS[family] ?? ["", {}];
  const [agent, start] = await Promise.all([loadBuiltin(name), loadByHand(type)]);
  assert.ok(agent !== undefined && start !== undefined);
  const chassis = createChassis();
  const simulated = await start({
    chassis,
    host: "127.0.0.1",
    port: 0,
    login: "admin",
    password: "password-1",
  });
  t.after(() => simulated.close());
  const given = {
    ip: simulated.host,
    ipport: String(simulated.port),
    username: "admin",
    password: "password-1",
  };
  for (const [fault, begin] of Object.entries(simulated.faults)) {
    if (fault !== "none" && !THOROUGH.has(type)) continue;
    chassis.turn("on");
    await begin();
    const values = new Values(
      agent.parameters,
      new Map(Object.entries({ ...given, ...more, power_timeout: "1" })),
    );
    const context = { signal: new AbortController().signal, deadline: performance.now() + 1_500 };
    const answer = await agent.run("off", values, { ...context, identity: "skip" });
    if (answer.power === "off") assert.equal(chassis.power, "off", `${fault} made it believe`);
    if (!HARMLESS.has(fault)) assert.equal(answer.ok, false, `${fault}: ${JSON.stringify(answer)}`);
    if (fault === "none") assert.deepEqual([answer.ok, chassis.power], [true, "off"], type);
  }
}
