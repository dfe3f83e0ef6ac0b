/** Simulators as `bouncer bmc` starts them: each type works, and no fault of theirs makes a false off. */
import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { loadBuiltin } from "../../../src/agents/frame/builtin.ts";
import { BY_HAND_TYPES, loadByHand } from "../../../src/bmc/by-hand/types.ts";
import { systemPath } from "../../../src/bmc/redfish/resources.ts";
import { REDFISH_STYLES } from "../../../src/bmc/redfish/style.ts";
import { keepsContract } from "./contract.ts";

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
/** One of each family has all its faults tried; of the others it is enough that they work. */
const THOROUGH: ReadonlySet<string> = new Set(["ipmi", "ilo2", "redfish-ilo5", "ssh-ilo", "pve", "apc-rpdu"]);

describe("simulators by hand: no fault makes an off of what is on", { concurrency: 4 }, () => {
  for (const type of BY_HAND_TYPES) test(type, (t) => check(t, type));
});

async function check(t: TestContext, type: string): Promise<void> {
  const family = Object.keys(AGENTS).find((name) => type.startsWith(name));
  assert.ok(family !== undefined, `${type} needs an agent in this test`);
  const [name, more] = AGENTS[family] ?? ["", {}];
  const [agent, start] = await Promise.all([loadBuiltin(name), loadByHand(type)]);
  assert.ok(agent !== undefined && start !== undefined);
  await keepsContract(t, { agent, start, more, faults: THOROUGH.has(type) ? "all" : "none" });
}
