/** What the daemon answers, other than the status. Unknown keys are dropped, so that old clients live. */
import { z } from "zod";
import type * as Effects from "../core/effects.ts";
import { ERRORS, type ErrorCode } from "../core/errors.ts";
import { FenceStep, Incident } from "./incident.ts";
import { Cause, LockCounts, StatusView } from "./status.ts";
import { Count, Gate, NodeId, Power, WallMillis } from "./words.ts";

export const GateReply = z.object({ gate: Gate, epoch: Count });
export type GateReply = z.infer<typeof GateReply>;

export const WhyReply = z.object({
  verdict: z.string(),
  gate: Gate,
  since: WallMillis,
  at: WallMillis,
  why: z.array(Cause),
  locks: LockCounts.exactOptional(),
});
export type WhyReply = z.infer<typeof WhyReply>;

/** `next` is the `before` of the following page; absent at the end. */
export const HistoryReply = z.object({
  incidents: z.array(Incident),
  next: Count.exactOptional(),
});
export type HistoryReply = z.infer<typeof HistoryReply>;

export const MembershipReply = z.object({ type: z.enum(["joined", "left", "already"]) });
export type MembershipReply = z.infer<typeof MembershipReply>;

const Outcome = z.enum(["success", "failed", "undefined"]);

export const FenceReply = z.object({
  type: z.literal("fenced"),
  outcome: Outcome,
  steps: z.array(FenceStep),
});
export type FenceReply = z.infer<typeof FenceReply>;

export const UnfenceReply = FenceReply.extend({ type: z.literal("unfenced") });
export type UnfenceReply = z.infer<typeof UnfenceReply>;

export const AckReply = z.object({ type: z.literal("acknowledged"), victimsLeft: z.array(NodeId) });
export type AckReply = z.infer<typeof AckReply>;

export const DeviceCheck = z.object({
  method: Count,
  methodName: z.string(),
  device: Count,
  deviceName: z.string(),
  agent: z.string(),
  power: Power,
  ok: z.boolean(),
  detail: z.string(),
  tookMs: z.number(),
}) satisfies z.ZodType<Effects.DeviceCheck>;

export const CheckReply = z.object({ type: z.literal("checked"), devices: z.array(DeviceCheck) });
export type CheckReply = z.infer<typeof CheckReply>;

/** Power of one node as this node reads it: see {@link ../api/power.ts} for the rule. */
export const PowerReply = z.object({ node: z.string(), power: Power, devices: z.array(DeviceCheck) });
export type PowerReply = z.infer<typeof PowerReply>;

export const WaitReply = z.object({ met: z.literal(true), status: StatusView });
export type WaitReply = z.infer<typeof WaitReply>;

const CODES = Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]];

/** Every answer that is no success. `detail` says what happened, `hint` what to do. */
export const Problem = z.object({ code: z.enum(CODES), detail: z.string(), hint: z.string() });
export type Problem = z.infer<typeof Problem>;

export function problemOf(code: ErrorCode, detail: string): Problem {
  return { code, detail, hint: ERRORS[code].hint };
}
