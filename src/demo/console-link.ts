/** A one-time link into a node's web console, as soon as that runs. */
import { setTimeout as sleep } from "node:timers/promises";
import { openUnixTransport } from "../adapters/http/unix-client.ts";
import type { Role } from "../api/access.ts";
import { createConsoleClient } from "../api/client.ts";
import { shellSocketOf } from "../api/console.ts";
import type { NodeLayout } from "./layout.ts";

/** Units: ms. The console starts with the daemon; on a busy machine it takes a while. */
const START_MS_MAX = 20_000;
const LOOK_EVERY_MS = 200;
/** Units: s. Nobody has to hurry in a demo. */
const LINK_SECONDS = 3_600;

/** Undefined: there is no console, or it does not come up; the rest of the demo works. */
export async function consoleLink(
  node: NodeLayout | undefined,
  role: Role = "admin",
): Promise<string | undefined> {
  if (node?.consolePort === undefined) return undefined;
  const client = createConsoleClient(openUnixTransport(shellSocketOf(node.socket)));
  const until = Date.now() + START_MS_MAX;
  while (Date.now() < until) {
    try {
      return (await client.link({ role, seconds: LINK_SECONDS, by: "demo" })).url;
    } catch {
      await sleep(LOOK_EVERY_MS);
    }
  }
  return undefined;
}
