/** What a request has to pass before anything is done for it. */
import type { FastifyRequest } from "fastify";
import { mayActAs, type Role } from "../../api/access.ts";
import { OperationError } from "../../core/errors.ts";
import { createRateLimit, type RateLimit } from "../access/rate.ts";
import { type Caller, type CallerSources, identify, isFromOwnPage, plainAddress } from "./caller.ts";

export interface Need {
  /** Name of the route, for tokens with a list and for audit records. */
  readonly name: string;
  /** `anybody`: before signing in. */
  readonly role: Role | "anybody";
  readonly changes: boolean;
  /** Told of those who are signed in and may not. */
  readonly onForbidden?: (caller: Caller) => void;
}

/** Units of `everyMs`: ms until one more is allowed. */
export const RATES = {
  /** Of one address: everything. A page of ours needs a dozen at once. */
  request: { burst: 300, everyMs: 20 },
  /** Of one address: attempts to sign in. */
  signIn: { burst: 10, everyMs: 6_000 },
  /** Of all together: however many addresses somebody has. */
  signInOfAll: { burst: 100, everyMs: 500 },
} as const;

export interface Gates {
  /** Errors: `API_TOO_MANY`, `API_NOT_SIGNED_IN`, `API_CROSS_SITE`, `API_FORBIDDEN`. */
  pass(request: FastifyRequest, need: Need): Caller | undefined;
  /** Errors: `API_TOO_MANY`. */
  beforeSignIn(request: FastifyRequest): void;
}

export function createGates(sources: CallerSources, now: () => number): Gates {
  const limit = (name: keyof typeof RATES): RateLimit => createRateLimit({ ...RATES[name], now });
  const requests = limit("request");
  const signIns = limit("signIn");
  const signInsOfAll = limit("signInOfAll");

  function beforeSignIn(request: FastifyRequest): void {
    const address = addressOf(request);
    if (!signIns.take(address) || !signInsOfAll.take("")) {
      throw new OperationError("API_TOO_MANY", `too many attempts to sign in from ${address}`);
    }
  }

  return {
    pass(request, need) {
      const address = addressOf(request);
      if (!requests.take(address))
        throw new OperationError("API_TOO_MANY", `too many requests from ${address}`);
      const caller = identify({ headers: request.headers, address }, sources);
      if (need.changes && caller?.how !== "token" && !isFromOwnPage(request)) {
        throw new OperationError("API_CROSS_SITE", "the request does not come from the console's own page");
      }
      if (need.role === "anybody") {
        if (need.changes) beforeSignIn(request);
        return caller;
      }
      if (caller === undefined) throw new OperationError("API_NOT_SIGNED_IN", "nobody is signed in");
      if (!mayActAs(caller.role, need.role)) {
        need.onForbidden?.(caller);
        const detail = `${need.name} is for the role ${need.role}, and ${caller.user} is ${caller.role}`;
        throw new OperationError("API_FORBIDDEN", detail);
      }
      if (caller.routes?.includes(need.name) === false) {
        need.onForbidden?.(caller);
        throw new OperationError("API_FORBIDDEN", `${need.name} is not in the scope of this token`);
      }
      return caller;
    },
    beforeSignIn,
  };
}

export function addressOf(request: FastifyRequest): string {
  return plainAddress(request.socket.remoteAddress);
}
