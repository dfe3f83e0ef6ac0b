/**
 * Agents that are not run through a device that is known to be another machine's, or to say off of a
 * node that speaks: what it says would be believed, and storage let go while the node writes.
 */
import type { AgentOutcome, AgentRequest, AgentRunner } from "../../ports/agent-runner.ts";

export type Refusal = (request: AgentRequest) => string | undefined;

export function createVettedRunner(
  agents: Pick<AgentRunner, "run">,
  refusal: Refusal,
): Pick<AgentRunner, "run"> {
  return {
    async run(request): Promise<AgentOutcome> {
      const why = refusal(request);
      if (why === undefined) return agents.run(request);
      const power = request.action === "status" ? { power: "unknown" as const } : {};
      return {
        result: "failed",
        ...power,
        kind: "identity",
        detail: `not used: ${why}`.slice(0, 300),
        tookMs: 0,
      };
    },
  };
}
