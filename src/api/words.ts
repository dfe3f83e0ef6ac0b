/** Words that several schemas share, with their limits. */
import { z } from "zod";

/** Units: characters. Longest node name, operator name, statement that a request may carry. */
export const NAME_CHARS_MAX = 255;
export const OPERATOR_CHARS_MAX = 64;
export const STATEMENT_CHARS_MAX = 500;

export const NodeId = z.int().min(0).max(0xffff_ffff);
export const NodeName = z.string().min(1).max(NAME_CHARS_MAX);
export const Count = z.int().min(0);
/** Instants of the wall clock. Units: ms since 1970, UTC. */
export const WallMillis = z.number();

export const Grade = z.enum(["A", "B", "C", "D", "H"]);
export const Gate = z.enum(["open", "frozen"]);
export const Power = z.enum(["on", "off", "unknown"]);
export const DoneHow = z.enum(["agent", "member", "reunited", "external", "override", "watchdog"]);
export const VictimStage = z.enum(["waiting", "fencing", "stuck"]);
export const VictimCause = z.enum([
  "node-down",
  "process-down",
  "unknown since start",
  "returned without a restart",
  "not part of the newest epoch",
]);
export const LogLevel = z.enum(["error", "warn", "info", "debug"]);

export const Incarnation = z.object({ boot: z.string(), start: z.string() });
