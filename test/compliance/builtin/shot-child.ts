/**
 * A process that looks at three devices, then loses its disks, its processes and its module loader, and
 * shoots. Tells on standard output what became of it. Its thread pool has one thread, and that hangs.
 */
import childProcess from "node:child_process";
import { open, openSync } from "node:fs";
import { registerHooks, syncBuiltinESMExports } from "node:module";
import { createExec } from "../../../src/adapters/process/exec.ts";
import { createBuiltinRunner } from "../../../src/agents/builtin-runner.ts";
import { createPasswords } from "../../../src/agents/passwords.ts";
import type { AgentOutcome, AgentRunner } from "../../../src/ports/agent-runner.ts";

/** Units: ms. */
const BUDGET_MS = 5_000;
/** Units: ms. For what can only hang. */
const HOPELESS_MS = 500;

const [script = "", fifo = "", user = "", ...devices] = process.argv.slice(2);
const lines = devices.map((device) => {
  const [agent = "", host = "", port = ""] = device.split(",");
  return { agent, host, port };
});

function openRunner() {
  const external: AgentRunner = {
    run: async () => ({ result: "failed", detail: "by the executable", tookMs: 0 }),
    traits: async () => [],
    close: async () => {},
  };
  return createBuiltinRunner({
    parameters: {
      lookup(_node, _method, device) {
        const { agent, host, port } = lines[device] as (typeof lines)[number];
        const pairs: [string, string][] = [
          ["ipaddr", host],
          ["ipport", port],
          ["login", user],
          ["ssl_insecure", "1"],
        ];
        return { agent, pairs, passwdScript: script };
      },
    },
    uses: () => lines.map(({ agent }) => ({ agent, executable: false, devices: [agent] })),
    external,
    passwords: createPasswords(createExec()),
  });
}

const warm = openRunner();
await warm.prepare();
const cold = openRunner();
await cold.prepare();

const ask = (runner: typeof warm, device: number, action: string, budgetMs = BUDGET_MS) =>
  runner.run({ node: "tpve02", method: 0, device, action, budgetMs });
const outcomes: Record<string, AgentOutcome> = {};
for (const [device, { agent }] of lines.entries()) {
  const look = { node: "tpve02", method: 0, device, action: "status", budgetMs: BUDGET_MS } as const;
  outcomes[`${agent} look`] = await warm.run({ ...look, look: { identity: "full" } });
}

// The disk: whoever opens this waits for a writer that never comes, and holds the only thread.
open(fifo, () => {});
let forbidden = 0;
const refuse = (): never => {
  forbidden++;
  throw new Error("the fence path starts nothing");
};
for (const name of ["spawn", "execFile", "exec", "fork", "spawnSync"] as const) {
  Object.defineProperty(childProcess, name, { value: refuse });
}
syncBuiltinESMExports();
registerHooks({
  resolve(specifier) {
    forbidden++;
    throw new Error(`the fence path loads nothing: ${specifier}`);
  },
});

for (const [device, { agent }] of lines.entries()) {
  outcomes[`${agent} off`] = await ask(warm, device, "off");
  outcomes[`${agent} status`] = await ask(warm, device, "status");
}
const during = forbidden;
outcomes["cold off"] = await ask(cold, 0, "off", HOPELESS_MS);
openSync(fifo, "r+"); // Lets the thread go: a process does not end while one hangs.
process.stdout.write(JSON.stringify({ outcomes, during, after: forbidden }), () => process.exit(0));
