/** `GET /v1/events`: server-sent events. Each has an id; a reader goes on with `Last-Event-ID`. */
import { z } from "zod";
import type * as View from "../core/view/types.ts";
import { StatusView } from "./status.ts";
import { LogLevel, NodeId, WallMillis } from "./words.ts";

/** Events kept for readers that come back. Older ones are gone: the reader gets a `gap` event. */
export const EVENTS_KEPT = 512;

export const LogEvent = z.object({
  at: WallMillis,
  level: LogLevel,
  /** Stable and machine readable. */
  code: z.string(),
  node: NodeId.exactOptional(),
  text: z.string(),
});
export type LogEvent = z.infer<typeof LogEvent>;

/**
 * `status` comes first on every connection and after every change; `log` is one line of the story;
 * `gap` says that lines between the reader's last id and now are lost.
 *
 * Shape: `id` grows within one run of the daemon: `<run>-<count>`.
 */
export const Event = z.discriminatedUnion("type", [
  z.object({ type: z.literal("status"), id: z.string(), data: StatusView }),
  z.object({ type: z.literal("log"), id: z.string(), data: LogEvent }),
  z.object({ type: z.literal("gap"), id: z.string(), data: z.object({ why: z.string() }) }),
]) satisfies z.ZodType<Event>;
export type Event =
  | { readonly type: "status"; readonly id: string; readonly data: View.StatusView }
  | { readonly type: "log"; readonly id: string; readonly data: LogEvent }
  | { readonly type: "gap"; readonly id: string; readonly data: { readonly why: string } };
