import assert from "node:assert/strict";
import { test } from "node:test";
import type { Input } from "../core/inputs.ts";
import type { State } from "../core/state.ts";
import type { AgentRequest } from "../ports/agent-runner.ts";
import { createAgentRuns } from "./agent-runs.ts";

const EFFECT = {
  type: "run-agent",
  opId: 7,
  config: "c",
  node: 3,
  method: 0,
  device: 0,
  action: "off",
  budgetMs: 1,
};

/** Only what is looked at. */
function stateWith(victims: readonly { readonly node: number }[]): State {
  return { operations: [{ opId: 7, node: 3 }], ledger: { victims, shots: [] } } as unknown as State;
}

test("a run whose victim is wanted goes on, one whose victim is not is called off, and answers once", async () => {
  const fed: Input[] = [];
  let request: AgentRequest | undefined;
  const runs = createAgentRuns({
    agents: {
      run(asked) {
        request = asked;
        return new Promise((resolve) => {
          asked.cancel?.addEventListener("abort", () =>
            resolve({ result: "timeout", detail: "called off", tookMs: 1 }),
          );
        });
      },
    },
    metrics: { countAgentRun() {} },
    feed: (input) => void fed.push(input),
  });
  runs.start({ ...EFFECT, type: "run-agent" }, "tpve03");
  assert.equal(request?.node, "tpve03");
  runs.callOff(stateWith([{ node: 3 }]));
  assert.equal(request?.cancel?.aborted, false);
  runs.callOff(stateWith([]));
  assert.equal(request?.cancel?.aborted, true);
  await new Promise((resolve) => setImmediate(resolve));
  runs.callOff(stateWith([]));
  assert.deepEqual(fed, [
    { type: "agent-exit", opId: 7, result: "timeout", detail: "called off", tookMs: 1 },
  ]);
});
