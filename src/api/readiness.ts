/** `GET /v1/readiness`: would fencing work, as all members see it. Shape: core/readiness/view.ts. */
import { z } from "zod";
import type * as View from "../core/readiness/view.ts";
import { Count, Power } from "./words.ts";

const Millis = z.number().min(0);

const Cell = z.object({
  from: z.string(),
  standing: z.enum(["unknown", "ready", "doubtful", "failing", "stale", "unasked"]),
  power: Power,
  tookMs: Millis.exactOptional(),
  ageMs: Millis.exactOptional(),
  kind: z.string().exactOptional(),
  detail: z.string(),
  alarm: z.string().exactOptional(),
}) satisfies z.ZodType<View.ReadinessCell>;

const Identity = z.object({
  serial: z.string().exactOptional(),
  uuids: z.array(z.string()),
  product: z.string().exactOptional(),
});

const Device = z.object({
  method: Count,
  methodName: z.string(),
  deviceName: z.string(),
  plug: z.string(),
  agent: z.string(),
  identity: Identity.exactOptional(),
  verdict: z.enum(["own", "other", "stranger", "untold"]),
  cells: z.array(Cell),
}) satisfies z.ZodType<View.ReadinessDevice>;

const Prediction = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("after"),
    ms: Millis,
    executor: z.string(),
    method: z.string(),
    isMeasured: z.boolean(),
  }),
  z.object({
    type: z.literal("never"),
    why: z.enum(["no-method", "no-member", "no-device", "waits-for-a-person"]),
  }),
  z.object({ type: z.literal("unknown") }),
]) satisfies z.ZodType<View.PredictionView>;

export const ReadinessReply = z.object({
  node: z.string(),
  intervalMs: Millis,
  nodes: z.array(
    z.object({
      node: z.string(),
      machine: z
        .object({
          serial: z.string().exactOptional(),
          uuid: z.string().exactOptional(),
          product: z.string().exactOptional(),
        })
        .exactOptional(),
      prediction: Prediction,
      alarms: z.array(z.string()),
      devices: z.array(Device),
    }),
  ),
}) satisfies z.ZodType<View.ReadinessView>;
export type ReadinessReply = z.infer<typeof ReadinessReply>;
