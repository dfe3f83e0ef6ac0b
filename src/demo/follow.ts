/** Waits for a condition of a daemon's status, driven by its events, also across its restarts. */
import { setTimeout as sleep } from "node:timers/promises";
import { openUnixTransport } from "../adapters/http/unix-client.ts";
import { createClient } from "../api/client.ts";
import type { StatusView } from "../core/view/types.ts";

/** Units: ms. Pause before a daemon that does not answer is asked again. */
const RETRY_MS = 50;

export interface StatusWish {
  readonly socket: string;
  /** For the message: "tpve01: storage is open". */
  readonly what: string;
  readonly holds: (status: StatusView) => boolean;
  readonly timeoutMs: number;
}

/** Errors: rejects after `timeoutMs` with what was waited for and the last status. */
export async function untilStatus({ socket, what, holds, timeoutMs }: StatusWish): Promise<StatusView> {
  const limit = AbortSignal.timeout(timeoutMs);
  const client = createClient(openUnixTransport(socket));
  let last: StatusView | undefined;
  let problem = "";
  while (!limit.aborted) {
    try {
      for await (const event of client.events(undefined, { signal: limit })) {
        if (event.type !== "status") continue;
        last = event.data;
        if (holds(last)) return last;
      }
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
    }
    await sleep(RETRY_MS);
  }
  const seen = last === undefined ? `nothing heard (${problem})` : formatBrief(last);
  throw new Error(`${what}: did not come true within ${timeoutMs / 1_000} s; last: ${seen}`);
}

/** A status in one line, for messages. */
export function formatBrief(status: StatusView): string {
  const { node, verdict, gate, epoch, quorate, synced, expelled, joined, domain, victims, nodes, warnings } =
    status;
  return JSON.stringify({
    node,
    verdict,
    gate,
    epoch,
    joined,
    quorate,
    synced,
    expelled,
    domain,
    nodes: nodes.map(({ name, state }) => `${name} ${state}`),
    victims: victims.map(({ name, stage, reason, doing, steps }) => ({
      name,
      stage,
      reason,
      doing,
      step: steps.at(-1)?.text,
    })),
    warnings,
  });
}
