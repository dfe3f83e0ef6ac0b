/** Would fencing work: fetched anew every few seconds while somebody looks. */
import type { ReadinessReply } from "../../../src/api/readiness.ts";
import type { Asked } from "./ask.ts";
import { usePolled } from "./polled.ts";
import { daemon } from "./transport.ts";

export function useReadiness(): Asked<ReadinessReply> {
  return usePolled(() => daemon.readiness());
}
