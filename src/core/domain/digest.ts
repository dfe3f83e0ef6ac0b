/** One string that two ledgers share exactly when they are equal. Source: docs/protocol.md, "Divergence". */
import { canonicalJson, sha256 } from "../hash.ts";
import type { Ledger } from "../ledger.ts";

/** The chain's head stands for all incidents, so the cost does not grow with history. */
export function ledgerDigest(ledger: Ledger): string {
  const { incidents, ...rest } = ledger;
  const last = incidents.at(-1);
  return sha256(canonicalJson({ ...rest, incidents: last === undefined ? "" : `${last.seq}:${last.hash}` }));
}
