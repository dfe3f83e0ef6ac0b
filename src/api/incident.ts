/** What was done about a victim, and the certificate of a closed incident, as the API shows them. */
import { z } from "zod";
import type * as Core from "../core/ledger.ts";
import { Count, DoneHow, Grade, Incarnation, NodeId, Power, VictimCause, WallMillis } from "./words.ts";

export const Evidence = z.object({
  grade: Grade,
  source: z.string(),
  at: WallMillis,
  by: NodeId,
}) satisfies z.ZodType<Core.Evidence>;

export const FenceStep = z.object({
  at: WallMillis,
  executor: NodeId,
  attempt: Count,
  method: z.string(),
  methodIndex: Count,
  device: z.string(),
  deviceIndex: Count,
  agent: z.string(),
  action: z.string(),
  result: z.enum(["ok", "failed", "timeout"]),
  tookMs: z.number(),
  power: Power.exactOptional(),
  text: z.string(),
}) satisfies z.ZodType<Core.FenceStep>;

export const Incident = z.object({
  seq: Count,
  node: NodeId,
  name: z.string(),
  incarnation: Incarnation.exactOptional(),
  epoch: Count,
  cause: VictimCause,
  how: DoneHow,
  firstSeenAt: WallMillis,
  doneAt: WallMillis,
  attempts: Count,
  steps: z.array(FenceStep),
  evidence: z.array(Evidence),
  executor: NodeId.exactOptional(),
  configVersion: Count,
  previousHash: z.string(),
  hash: z.string(),
}) satisfies z.ZodType<Core.Incident>;
