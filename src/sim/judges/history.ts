/** I9: after the world healed, one history on every node, as a chain. */
import { incidentHash } from "../../core/fencing/incidents.ts";
import type { Inside } from "../types.ts";
import { broken } from "./broken.ts";

export function judgeHistory(inside: Inside): void {
  const chains = inside.list.flatMap((node) => (node.core === undefined ? [] : [node.core.ledger.incidents]));
  const longest = [...chains].sort((a, b) => b.length - a.length)[0] ?? [];
  const hashes = new Map(longest.map((incident) => [incident.seq, incident.hash]));
  for (const chain of chains) {
    if (chain.at(-1)?.seq !== longest.at(-1)?.seq) {
      broken("I9", `one history ends at ${chain.at(-1)?.seq}, another at ${longest.at(-1)?.seq}`);
    }
    for (const incident of chain) {
      if (hashes.get(incident.seq) !== incident.hash) broken("I9", `incident ${incident.seq} differs`);
    }
  }
  for (const [index, incident] of longest.entries()) {
    const before = longest[index - 1];
    if (before !== undefined && (incident.seq !== before.seq + 1 || incident.previousHash !== before.hash)) {
      broken("I9", `incident ${incident.seq} does not follow ${before.seq}`);
    }
    const { hash, ...body } = incident;
    if (incidentHash(body) !== hash) broken("I9", `the hash of incident ${incident.seq} is wrong`);
  }
}
