/** Reservation keys: 64 bits in hexadecimal, compared as sg_persist prints them. Source: Debian's fence_scsi. */
import { createHash } from "node:crypto";
import { problem, type Result, success } from "../frame/agent.ts";

export type KeyMethod = "id" | "hash";

/** Shape: small letters, no zeros in front, as sg_persist prints it behind `0x`. */
export function parseKey(text: string): Result<string> {
  const [, digits] = /^(?:0x)?([0-9a-f]{1,16})$/i.exec(text.trim()) ?? [];
  if (digits === undefined) return problem("usage", "key is no hexadecimal number of up to 16 digits");
  const key = digits.toLowerCase().replace(/^0+/, "");
  return key === "" ? problem("usage", "Failed: key cannot be 0") : success(key);
}

/**
 * The key of a node: four digits for the cluster, four for the node, by its place in Corosync's node list
 * or by a hash of its name. `names` and `nodes`: what corosync-cmapctl prints of both.
 */
export function keyOfNode(node: string, method: KeyMethod, cluster: string, nodes: string): Result<string> {
  const [, name] = /\(str\) = (\S+)\n/.exec(cluster) ?? [];
  if (name === undefined) return problem("missing", "Failed: cannot get cluster name");
  const own = method === "hash" ? digest(node).slice(0, 4) : placeOf(node, nodes);
  if (own === undefined) {
    return problem(
      "missing",
      "Failed: unable to parse output of corosync-cmapctl or node does not exist: Corosync's node list has no such node",
    );
  }
  return parseKey(digest(name).slice(0, 4) + own);
}

function digest(text: string): string {
  return createHash("md5").update(text).digest("hex");
}

/** `nodelist.node.0.name (str) = tpve01`, or the address in place of a name. */
function placeOf(node: string, nodes: string): string | undefined {
  const entries = [...nodes.matchAll(/^nodelist\.node\.(\d+)\.(name|ring\d_addr) \(str\) = (.*)$/gm)];
  const found =
    entries.find(([, , key, value]) => key === "name" && value === node) ??
    entries.find(([, , key, value]) => key !== "name" && value === node);
  return found?.[1]?.padStart(4, "0");
}
