/** Who sent a request, as far as it can prove it. */
import type { IncomingHttpHeaders } from "node:http";
import type { Role } from "../../api/access.ts";
import { type How, UserName } from "../../api/console.ts";
import type { People } from "../access/people.ts";
import type { Session, Sessions } from "../access/sessions.ts";
import type { Tokens } from "../access/tokens.ts";
import type { ConsoleOptions } from "../options.ts";
import { cookieValue } from "./cookies.ts";

export interface Caller {
  readonly user: string;
  readonly role: Role;
  readonly how: How;
  /** Names of the only routes of a token. */
  readonly routes?: readonly string[];
  readonly session?: Session;
}

export interface Proof {
  readonly headers: IncomingHttpHeaders;
  readonly address: string;
}

export interface CallerSources {
  readonly sessions: Pick<Sessions, "find">;
  readonly tokens: Pick<Tokens, "find">;
  readonly people: Pick<People, "roleOf">;
  readonly proxy?: ConsoleOptions["proxy"] | undefined;
  readonly cookie: string;
}

/**
 * A token that is wrong is nobody, whatever else the request carries. The proxy's header counts only
 * from the proxy's address: from any other it is not even looked at.
 */
export function identify({ headers, address }: Proof, sources: CallerSources): Caller | undefined {
  const { authorization } = headers;
  if (authorization !== undefined) {
    const token = sources.tokens.find(/^Bearer (\S+)$/i.exec(authorization)?.[1] ?? "");
    if (token === undefined) return undefined;
    const { routes, role } = token;
    return { user: `token:${token.name}`, role, how: "token", ...(routes === undefined ? {} : { routes }) };
  }
  const secret = cookieValue(headers.cookie, sources.cookie);
  const session = secret === undefined ? undefined : sources.sessions.find(secret);
  if (session !== undefined) return { user: session.user, role: session.role, how: session.how, session };
  return byProxy(headers, address, sources);
}

function byProxy(headers: IncomingHttpHeaders, address: string, sources: CallerSources): Caller | undefined {
  const { proxy } = sources;
  if (proxy === undefined || !proxy.from.includes(address)) return undefined;
  const name = headers[proxy.header.toLowerCase()];
  if (typeof name !== "string" || !UserName.safeParse(name).success) return undefined;
  const role = sources.people.roleOf(name);
  return role === undefined ? undefined : { user: name, role, how: "proxy" };
}

/** `::ffff:10.0.0.1` is 10.0.0.1. */
export function plainAddress(address: string | undefined): string {
  return (address ?? "unknown").replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/, "");
}

/**
 * A browser adds the session's cookie to whatever any page makes it send. So a request that changes
 * something must say that it comes from our own page: browsers do, and no page can make them lie.
 * Source: Fetch Metadata Request Headers; RFC 6454.
 */
export function isFromOwnPage({ headers }: Pick<Proof, "headers">): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin") return false;
  const { origin, host } = headers;
  if (origin === undefined) return site === "same-origin";
  try {
    return new URL(origin).host === host;
  } catch {
    return false;
  }
}
