/** The agent runs that the core asked for. Each is answered once; what nobody wants any more is called off. */
import type { Effect } from "../core/effects.ts";
import { unwantedRuns } from "../core/fencing/unwanted.ts";
import type { NodeName } from "../core/ids.ts";
import type { Input } from "../core/inputs.ts";
import type { State } from "../core/state.ts";
import type { AgentRunner } from "../ports/agent-runner.ts";
import type { Metrics } from "./metrics.ts";

export interface AgentRuns {
  start(effect: Effect & { type: "run-agent" }, node: NodeName): void;
  /** After each step: an agent that has not yet sent its order must not send it at a clean node. */
  callOff(state: State): void;
}

export interface AgentRunsPorts {
  readonly agents: Pick<AgentRunner, "run">;
  readonly metrics: Pick<Metrics, "countAgentRun">;
  readonly feed: (input: Input) => void;
}

export function createAgentRuns({ agents, metrics, feed }: AgentRunsPorts): AgentRuns {
  const running = new Map<number, AbortController>();
  return {
    start({ opId, config, method, device, action, budgetMs }, node) {
      const calledOff = new AbortController();
      running.set(opId, calledOff);
      agents.run({ config, node, method, device, action, budgetMs, cancel: calledOff.signal }).then(
        ({ result, power, detail, tookMs }) => {
          running.delete(opId);
          metrics.countAgentRun(result, tookMs);
          feed({
            type: "agent-exit",
            opId,
            result,
            detail,
            tookMs,
            ...(power === undefined ? {} : { power }),
          });
        },
        // A runner never rejects; if it does, the node is not fenced.
        (error: Error) => {
          running.delete(opId);
          feed({
            type: "agent-exit",
            opId,
            result: "failed",
            detail: error.message.slice(0, 300),
            tookMs: 0,
          });
        },
      );
    },
    callOff(state) {
      if (running.size === 0) return;
      for (const opId of unwantedRuns(state)) running.get(opId)?.abort();
    },
  };
}
