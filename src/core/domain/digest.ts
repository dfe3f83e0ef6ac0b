/** One string that two ledgers share exactly when they are equal. Source: docs/protocol.md, "Divergence". */
import { canonicalJson, sha256 } from "../hash.ts";
import type { Ledger, Victim } from "../ledger.ts";
import { tableDigest } from "../locks/table.ts";

/** Digests of texts that were asked for last: views come in bursts, and the ledger stays the same. */
const known = new Map<string, string>();
const KNOWN_MAX = 64;
/** Ledgers never change, only whole ones follow one another: one text each. */
const texts = new WeakMap<object, string>();

function textOf(part: object): string {
  let text = texts.get(part);
  if (text === undefined) {
    text = canonicalJson(part);
    texts.set(part, text);
  }
  return text;
}

/** A victim changes often, the steps that were taken against it do not. */
function victimText({ steps, ...victim }: Victim): string {
  return `${canonicalJson(victim)}${steps.map(textOf).join(",")}`;
}

function digestOf(text: string): string {
  let digest = known.get(text);
  if (digest === undefined) {
    digest = sha256(text);
    const [oldest] = known.keys();
    if (known.size >= KNOWN_MAX && oldest !== undefined) known.delete(oldest);
    known.set(text, digest);
  }
  return digest;
}

/** A ledger that nothing has changed since the last view. */
const digests = new WeakMap<Ledger, string>();

/**
 * Heads stand for incidents and locks, so the cost does not grow with them; and what did not change since the last time is not written out anew.
 */
export function ledgerDigest(ledger: Ledger): string {
  let digest = digests.get(ledger);
  if (digest === undefined) {
    digest = writeOut(ledger);
    digests.set(ledger, digest);
  }
  return digest;
}

function writeOut(ledger: Ledger): string {
  const { incidents, locks, epoch, victims, ...rest } = ledger;
  const last = incidents.at(-1);
  const head = last === undefined ? "" : `${last.seq}:${last.hash}`;
  const parts = [canonicalJson(rest), textOf(epoch), `[${victims.map(victimText).join(",")}]`];
  return digestOf(`${parts.join("")}${head} ${tableDigest(locks)}`);
}
