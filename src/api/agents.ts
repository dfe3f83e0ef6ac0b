/** `GET /v1/agents`: which fence agents the configuration uses here, and why these. */
import { z } from "zod";

export const AgentReport = z.object({
  agent: z.string(),
  /** Names of the fence devices. */
  devices: z.array(z.string()),
  /** `none`: it cannot be used on this node. */
  used: z.enum(["builtin", "executable", "none"]),
  why: z.string(),
  /** Where an executable of this name is, used or not. */
  executable: z.string().exactOptional(),
});
export type AgentReport = z.infer<typeof AgentReport>;

export const AgentsReply = z.object({ agents: z.array(AgentReport) });
export type AgentsReply = z.infer<typeof AgentsReply>;
