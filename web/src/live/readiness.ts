/** Would fencing work: fetched anew every few seconds while somebody looks. */
import { useEffect, useState } from "react";
import type { ReadinessReply } from "../../../src/api/readiness.ts";
import { type Asked, useFetched } from "./ask.ts";
import { daemon } from "./transport.ts";

const LOOK_EVERY_MS = 5_000;

export function useReadiness(): Asked<ReadinessReply> {
  const [look, setLook] = useState(0);
  useEffect(() => {
    const timer = window.setInterval(() => setLook((old) => old + 1), LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return useFetched(() => daemon.readiness(), look);
}
