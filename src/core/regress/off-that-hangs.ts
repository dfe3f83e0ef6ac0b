/** Three nodes whose agents know on and off, and a shot at node 3 whose first order to switch off is not answered. */
import { majorityOf, Net } from "../net-harness.ts";
import { configOf } from "../testing.ts";
import { obedient } from "./net-node.ts";

const TRAITS = [
  { agent: "fence_x", installed: true, actions: ["on", "off", "reboot", "status"], defaultAction: "reboot" },
];

function openNet(): Net {
  const net = new Net(configOf(3));
  const keys = ["1", "2", "3"];
  for (const key of keys) net.boot(key, { traits: TRAITS });
  net.view(keys, majorityOf(3));
  net.run(10_000);
  return net;
}

/** `runs`: what its agents were asked for, from here on; `opId`: the run that hangs at the executor. */
export function offThatHangs(): { net: Net; runs: string[]; executor: string; opId: number } {
  const net = openNet();
  const runs: string[] = [];
  net.agent = (run) => {
    runs.push(`${run.node} ${run.action}`);
    return run.action === "off" && runs.length === 1 ? undefined : obedient(run);
  };
  net.view(["1", "2"], majorityOf(3));
  net.run(1_000);
  const executor = ["1", "2"].find((key) => net.node(key).state.operations.length > 0) ?? "";
  return { net, runs, executor, opId: net.node(executor).state.operations[0]?.opId ?? 0 };
}
