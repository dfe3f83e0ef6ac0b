/** The sessions that a controller has open, and what each of them may do. */
import { randomBytes } from "node:crypto";
import { createReplayGuard } from "../../agents/ipmi/replay.ts";
import type { Handshake, SessionKeys, Suite } from "../../agents/ipmi/suites.ts";
import type { Rights } from "./commands.ts";

interface Base {
  readonly id: Buffer;
  readonly rights: Rights;
  readonly isFresh: (seq: number) => boolean;
  seq: number;
  usedAt: number;
}

export interface Session15 extends Base {
  readonly type: "1.5";
  readonly auth: number;
  readonly challenge: Buffer;
  isActive: boolean;
}

export interface Session20 extends Base {
  readonly type: "2.0";
  readonly suite: Suite;
  readonly consoleId: Buffer;
  shake?: Handshake;
  keys?: SessionKeys;
  isActive: boolean;
}

/** Units: ms. Source: IPMI 2.0, 6.12.15. */
const IDLE_MS = 60_000;
const SESSIONS_MAX = 8;

export interface SessionTable {
  /** Undefined: it is full. */
  open15(auth: number): Session15 | undefined;
  open20(suite: Suite, consoleId: Buffer): Session20 | undefined;
  find(id: Buffer): Session15 | Session20 | undefined;
  end(id: Buffer): boolean;
  clear(): void;
  readonly count: number;
}

export function createSessionTable(sessionsMax = SESSIONS_MAX): SessionTable {
  const table = new Map<string, Session15 | Session20>();

  function base(): Base | undefined {
    for (const [key, one] of table) if (performance.now() - one.usedAt > IDLE_MS) table.delete(key);
    if (table.size >= sessionsMax) return undefined;
    return {
      id: randomBytes(4),
      rights: { privilege: 2, privilegeMax: 4 },
      isFresh: createReplayGuard(),
      seq: 0,
      usedAt: performance.now(),
    };
  }

  function put<T extends Session15 | Session20>(session: T): T {
    table.set(session.id.toString("hex"), session);
    return session;
  }

  return {
    open15(auth) {
      const made = base();
      if (made === undefined) return undefined;
      return put({ ...made, type: "1.5" as const, auth, challenge: randomBytes(16), isActive: false });
    },
    open20(suite, consoleId) {
      const made = base();
      if (made === undefined) return undefined;
      return put({
        ...made,
        type: "2.0" as const,
        suite,
        consoleId: Buffer.from(consoleId),
        isActive: false,
      });
    },
    find(id) {
      const found = table.get(id.toString("hex"));
      if (found !== undefined) found.usedAt = performance.now();
      return found;
    },
    end: (id) => table.delete(id.toString("hex")),
    clear: () => table.clear(),
    get count() {
      return table.size;
    },
  };
}
