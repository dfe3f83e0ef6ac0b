/** What a node remembers of its own registration, for itself and for fence_scsi_check. Source: Debian's fence_scsi. */
import type { AgentHost } from "../../ports/agent-host.ts";
import { problem, type Result } from "../frame/agent.ts";
import { parseKey } from "./keys.ts";

export const KEY_FILE = "/run/cluster.key";
export const DEVICES_FILE = "/run/cluster.dev";
/** Where fence-agents of other distributions write it. */
const OTHER_KEY_FILE = "/run/cluster/fence_scsi.key";

/** A key that is not there, or is none, is a failure: without it nothing can be preempted. */
export async function readOwnKey(host: AgentHost): Promise<Result<string>> {
  const text = (await host.firstLine(KEY_FILE)) ?? (await host.firstLine(OTHER_KEY_FILE));
  if (text === undefined) {
    return problem("usage", `Failed: Cannot open file "${KEY_FILE}": this node has not been unfenced`);
  }
  const key = parseKey(text);
  return key.ok ? key : problem("usage", `${KEY_FILE} holds no key`);
}
