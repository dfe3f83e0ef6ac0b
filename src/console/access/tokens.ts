/** Tokens of programs: `Authorization: Bearer bnc_ID_SECRET`. Each has an end and a scope. */
import { randomBytes } from "node:crypto";
import type { Role } from "../../api/access.ts";
import type { TokenView } from "../../api/console.ts";
import { OperationError } from "../../core/errors.ts";
import { hashOf, newSecret } from "./secrets.ts";
import type { AccessStore, StoredToken } from "./store.ts";

const TOKENS_MAX = 256;
const DAY_MS = 86_400_000;
/** Units: ms. How exact the time of the last use is kept. */
const USE_STEP_MS = 60_000;

export interface TokenWish {
  readonly name: string;
  readonly role: Role;
  readonly routes?: readonly string[];
  readonly days: number;
  readonly by: string;
}

export interface Tokens {
  list(): TokenView[];
  /** Errors: `API_TOO_MANY`. */
  add(wish: TokenWish): Promise<{ readonly token: TokenView; readonly secret: string }>;
  /** Errors: `API_NAME_UNKNOWN`. */
  revoke(id: string): Promise<void>;
  /** Absent: unknown, revoked or over. */
  find(bearer: string): StoredToken | undefined;
}

export function createTokens(store: AccessStore, now: () => number): Tokens {
  return {
    list: () => [...store.tokens.values()].map(view),
    async add({ name, role, routes, days, by }) {
      if (store.tokens.size >= TOKENS_MAX) {
        throw new OperationError("API_TOO_MANY", `there are ${TOKENS_MAX} tokens; revoke some`);
      }
      const secret = newSecret();
      const at = now();
      const stored: StoredToken = {
        id: randomBytes(4).toString("hex"),
        name,
        role,
        ...(routes === undefined ? {} : { routes: [...routes] }),
        createdAt: at,
        createdBy: by,
        expiresAt: at + days * DAY_MS,
        hash: hashOf(secret),
      };
      store.tokens.set(stored.id, stored);
      await store.save();
      return { token: view(stored), secret: `bnc_${stored.id}_${secret}` };
    },
    async revoke(id) {
      if (!store.tokens.delete(id)) throw new OperationError("API_NAME_UNKNOWN", `there is no token ${id}`);
      await store.save();
    },
    find(bearer) {
      const [, id = "", secret = ""] = /^bnc_([0-9a-f]{1,16})_([\w-]{20,100})$/.exec(bearer) ?? [];
      const token = store.tokens.get(id);
      if (token === undefined || token.hash !== hashOf(secret) || token.expiresAt <= now()) return undefined;
      if (now() - (token.lastUsedAt ?? 0) > USE_STEP_MS) {
        token.lastUsedAt = now();
        store.saveSoon();
      }
      return token;
    },
  };
}

function view({ hash: _, ...rest }: StoredToken): TokenView {
  return rest;
}
