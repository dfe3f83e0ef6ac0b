/** Simulators as `bouncer bmc` starts them: each type works, and no fault of theirs makes a false off. */
import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { loadBuiltin } from "../../../src/agents/frame/builtin.ts";
import { Values } from "../../../src/agents/frame/values.ts";
import { BY_HAND_TYPES, loadByHand } from "../../../src/bmc/by-hand/types.ts";
import { createChassis } from "../../../src/bmc/chassis/chassis.ts";
import { systemPath } from "../../../src/bmc/redfish/resources.ts";
import { REDFISH_STYLES } from "../../../src/bmc/redfish/style.ts";

const OLD_SSH =
  "-o KexAlgorithms=+diffie-hellman-group14-sha1 -o HostKeyAlgorithms=+ssh-rsa -o Ciphers=+aes128-cbc";

/** An agent that speaks to each type, and what it needs besides address and login. */
const AGENTS: Readonly<Record<string, readonly [agent: string, more: Record<string, string>]>> = {
  ipmi: ["fence_ilo4", { ipmitool_timeout: "0" }],
  ilo: ["fence_ilo", { ssl_insecure: "1", shell_timeout: "1", login_timeout: "1" }],
  "redfish-multi": [
    "fence_redfish",
    { ssl_insecure: "1", shell_timeout: "1", systems_uri: systemPath(REDFISH_STYLES.multi.machine) },
  ],
  redfish: ["fence_redfish", { ssl_insecure: "1", shell_timeout: "1" }],
  pve: [
    "fence_pve",
    { username: "admin@pam", plug: "102", pve_node_auto: "1", ssl_insecure: "1", shell_timeout: "1" },
  ],
  "ssh-ilo-old": ["fence_ilo_ssh", { ssh: "1", ssh_options: OLD_SSH }],
  "ssh-ilo": ["fence_ilo_ssh", { ssh: "1", shell_timeout: "1" }],
  "ssh-mp": ["fence_ilo_mp", { ssh: "1" }],
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
  "host-key",
  "migrate",
  "slow",
  "drops",
]);

/** One of each family has all its faults tried; of the others it is enough that they work. */
const THOROUGH: ReadonlySet<string> = new Set(["ipmi", "ilo2", "redfish-ilo5", "ssh-ilo", "pve", "apc-rpdu"]);

describe("simulators by hand: no fault makes an off of what is on", { concurrency: 4 }, () => {
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
    // What works gets all the time of a busy machine; what does not, no more than it needs.
    const wished = Object.entries({ ...more, power_timeout: "1" });
    const chosen = fault === "none" ? wished.filter(([key]) => !key.endsWith("_timeout")) : wished;
    const texts = new Map([...Object.entries(given), ...chosen]);
    const values = new Values(agent.parameters, texts);
    const context = {
      signal: new AbortController().signal,
      deadline: performance.now() + (fault === "none" ? 20_000 : 1_500),
    };
    const answer = await agent.run("off", values, { ...context, identity: "skip" });
    if (answer.power === "off") assert.equal(chassis.power, "off", `${fault} made it believe`);
    if (!HARMLESS.has(fault)) assert.equal(answer.ok, false, `${fault}: ${JSON.stringify(answer)}`);
    if (fault === "none") assert.deepEqual([answer.ok, chassis.power], [true, "off"], type);
  }
}
