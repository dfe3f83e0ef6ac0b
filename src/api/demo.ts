/** Trouble that the demo can make. Served only where a demo runs: see docs/console.md. */
import { z } from "zod";

const Name = z.string().min(1).max(255);
const Fault = z.discriminatedUnion("type", [
  z.strictObject({ type: z.enum(["none", "fails", "hangs", "lies"]) }),
  z.strictObject({ type: z.literal("blind"), to: z.array(Name).min(1).max(16) }),
]);

export const TROUBLES = [
  "cut",
  "heal",
  "crash",
  "hang",
  "resume",
  "freeze-disk",
  "thaw-disk",
  "daemon-crash",
  "daemon-start",
] as const;

export const DemoRequest = z.discriminatedUnion("op", [
  z.strictObject({ op: z.enum(TROUBLES), node: Name }),
  z.strictObject({ op: z.enum(["power", "workload"]), node: Name, state: z.enum(["on", "off"]) }),
  z.strictObject({ op: z.literal("device"), node: Name, fault: Fault }),
  z.strictObject({ op: z.literal("split"), groups: z.array(z.array(Name).max(64)).min(1).max(16) }),
  z.strictObject({ op: z.enum(["heal-all", "describe"]) }),
]);
export type DemoRequest = z.infer<typeof DemoRequest>;

export const DemoState = z.strictObject({
  ok: z.literal(true),
  root: z.string(),
  shared: z.string(),
  nodes: z.array(z.strictObject({ name: z.string(), power: z.enum(["on", "off"]), socket: z.string() })),
});

export const DemoReply = z.union([DemoState, z.strictObject({ ok: z.literal(false), problem: z.string() })]);
export type DemoReply = z.infer<typeof DemoReply>;
