/** What earlier conversations with devices left for the next one, so that a shot need not wait for it. */

/** Names and devices that are remembered; the oldest go first. */
const KEPT_MAX = 512;

export interface Warm {
  /** The address that a name had at the last look. */
  addressOf(name: string): string | undefined;
  keepAddress(name: string, address: string): void;
  /** A TLS session that can be gone on with. `key` names the device and how far it is believed. */
  sessionOf(key: string): Buffer | undefined;
  /** Absent: it was no use. */
  keepSession(key: string, session: Buffer | undefined): void;
}

export function createWarm(): Warm {
  const addresses = new Map<string, string>();
  const sessions = new Map<string, Buffer>();
  return {
    addressOf: (name) => addresses.get(name),
    keepAddress: (name, address) => put(addresses, name, address),
    sessionOf: (key) => sessions.get(key),
    keepSession(key, session) {
      if (session === undefined) sessions.delete(key);
      else put(sessions, key, session);
    },
  };
}

/** The same for a look: names and certificates are asked for anew, and what comes of it is kept. */
export function lookingAnew(warm: Warm): Warm {
  return { ...warm, addressOf: () => undefined, sessionOf: () => undefined };
}

function put<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  const oldest = map.keys().next().value;
  if (map.size >= KEPT_MAX && oldest !== undefined) map.delete(oldest);
  map.set(key, value);
}
