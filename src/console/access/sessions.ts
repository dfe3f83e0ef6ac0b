/** Sessions of people at a browser, and the one-time links that begin them. */
import type { Role } from "../../api/access.ts";
import type { How } from "../../api/console.ts";
import { hashOf, newSecret } from "./secrets.ts";
import type { AccessStore, StoredSession } from "./store.ts";

const HOUR_MS = 3_600_000;
/** Units: ms without a request. */
const IDLE_MS_MAX = 12 * HOUR_MS;
/** Units: ms altogether. */
const AGE_MS_MAX = { password: 7 * 24 * HOUR_MS, link: 24 * HOUR_MS } as const;
/** Of this node, and of one person: the ones that were idle longest end first. */
const SESSIONS_MAX = 512;
const SESSIONS_MAX_EACH = 32;
const LINKS_MAX = 64;
/** Units: ms. How exact the time of the last use is kept. */
const USE_STEP_MS = 60_000;

export interface Session {
  readonly user: string;
  readonly role: Role;
  readonly how: How;
  readonly hash: string;
  readonly endsAt: number;
}

export interface Sessions {
  /** Returns the secret for the cookie. Always a new one: an old secret never becomes a session. */
  begin(
    user: string,
    how: "password" | "link",
    role?: Role,
  ): { readonly secret: string; readonly session: Session };
  find(secret: string): Session | undefined;
  end(hash: string): void;
  /** Of that name, except one. */
  endAll(user: string, except?: string): void;
  newLink(user: string, role: Role, ms: number): { readonly token: string; readonly expiresAt: number };
  /** Once: the second time it is unknown. */
  takeLink(token: string): { readonly user: string; readonly role: Role } | undefined;
}

export function createSessions(store: AccessStore, now: () => number): Sessions {
  const links = new Map<string, { user: string; role: Role; expiresAt: number }>();

  function alive(session: StoredSession): boolean {
    return now() < session.endsAt && now() - session.usedAt < IDLE_MS_MAX;
  }

  function view(session: StoredSession): Session | undefined {
    const role = session.role ?? store.users.get(session.user)?.role;
    if (role === undefined) return undefined;
    const { user, how, hash, endsAt } = session;
    return { user, role, how, hash, endsAt };
  }

  function sweep(): void {
    for (const [hash, session] of store.sessions) if (!alive(session)) store.sessions.delete(hash);
    const byUse = [...store.sessions.values()].sort((a, b) => a.usedAt - b.usedAt);
    for (const { hash } of byUse.slice(0, Math.max(0, byUse.length - SESSIONS_MAX)))
      store.sessions.delete(hash);
  }

  return {
    begin(user, how, role) {
      sweep();
      const mine = [...store.sessions.values()].filter((one) => one.user === user);
      mine.sort((a, b) => a.usedAt - b.usedAt);
      for (const old of mine.slice(0, Math.max(0, mine.length - SESSIONS_MAX_EACH + 1))) {
        store.sessions.delete(old.hash);
      }
      const secret = newSecret();
      const at = now();
      const stored: StoredSession = {
        hash: hashOf(secret),
        user,
        how,
        createdAt: at,
        usedAt: at,
        endsAt: at + AGE_MS_MAX[how],
        ...(role === undefined ? {} : { role }),
      };
      store.sessions.set(stored.hash, stored);
      const known = store.users.get(user);
      if (known !== undefined) known.lastSeenAt = at;
      void store.save().catch(() => {}); // Told by the store; whoever signs in need not wait for a disk.
      return { secret, session: view(stored) as Session };
    },
    find(secret) {
      const session = store.sessions.get(hashOf(secret));
      if (session === undefined || !alive(session)) return undefined;
      if (now() - session.usedAt > USE_STEP_MS) {
        session.usedAt = now();
        store.saveSoon();
      }
      return view(session);
    },
    end(hash) {
      store.sessions.delete(hash);
      store.saveSoon();
    },
    endAll(user, except) {
      for (const session of store.sessions.values()) {
        if (session.user === user && session.hash !== except) store.sessions.delete(session.hash);
      }
      store.saveSoon();
    },
    newLink(user, role, ms) {
      for (const [key, link] of links) if (link.expiresAt <= now()) links.delete(key);
      if (links.size >= LINKS_MAX) links.delete(links.keys().next().value ?? "");
      const token = newSecret();
      const expiresAt = now() + ms;
      links.set(hashOf(token), { user, role, expiresAt });
      return { token, expiresAt };
    },
    takeLink(token) {
      const key = hashOf(token);
      const link = links.get(key);
      links.delete(key);
      return link === undefined || link.expiresAt <= now() ? undefined : link;
    },
  };
}
