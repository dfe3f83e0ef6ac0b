/** Which numbers of packets of a session were seen: none counts twice. Source: IPMI 2.0, 6.12.13. */

/** Shape: a packet may be this far behind the newest one. */
const WINDOW = 32;

export function createReplayGuard(): (seq: number) => boolean {
  let newest = 0;
  let seen = new Set<number>();
  return (seq) => {
    if (seq === 0 || seq <= newest - WINDOW || seen.has(seq)) return false;
    newest = Math.max(newest, seq);
    seen.add(seq);
    if (seen.size > 2 * WINDOW) seen = new Set([...seen].filter((one) => one > newest - WINDOW));
    return true;
  };
}
