/** The routes that the console's server answers itself, in the shape of {@link ROUTES}. */
import { z } from "zod";
import type { Role } from "./access.ts";
import * as C from "./console.ts";
import { DemoRequest, DemoState } from "./demo.ts";
import { NoBody } from "./requests.ts";
import type { Route } from "./routes.ts";

export interface ConsoleRoute<P = unknown, Q = unknown, B = unknown, R = unknown> extends Route<P, Q, B, R> {
  /**
   * Who reaches it. `anybody`: before signing in. `shell`: only on the console's own socket. `demo`:
   * only where a demo runs.
   */
  readonly door?: "anybody" | "shell" | "demo";
}

const None = z.strictObject({});
const base = { params: None, query: None, body: NoBody, timeoutMs: 30_000 } as const;
const get = { ...base, method: "GET" } as const;
const post = { ...base, method: "POST", reply: C.DoneReply } as const;
const onUser = { ...post, params: C.UserParams, role: "admin" } as const;
const admin: Role = "admin";
const AuditQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(C.AUDIT_LIMIT_MAX).default(100),
  before: z.coerce.number().int().min(1).exactOptional(),
});

export const CONSOLE_ROUTES = {
  session: { ...get, path: "/v1/session", reply: C.SessionReply, door: "anybody", about: "who is signed in" },
  signIn: {
    ...post,
    path: "/v1/session/password",
    body: C.SignInBody,
    reply: C.SessionReply,
    door: "anybody",
    about: "sign in with a name and a password",
  },
  signInByLink: {
    ...post,
    path: "/v1/session/link",
    body: C.LinkSignInBody,
    reply: C.SessionReply,
    door: "anybody",
    about: "sign in with a one-time link",
  },
  signOut: { ...post, path: "/v1/session/end", role: "viewer", about: "end this session" },
  ownPassword: {
    ...post,
    path: "/v1/session/own-password",
    body: C.OwnPasswordBody,
    role: "viewer",
    about: "change one's own password; ends all other sessions of that name",
  },
  users: {
    ...get,
    path: "/v1/users",
    reply: C.UsersReply,
    role: admin,
    about: "people of this node's console",
  },
  userAdd: { ...post, path: "/v1/users", body: C.UserAddBody, about: "add a person" },
  userPassword: {
    ...onUser,
    path: "/v1/users/{user}/password",
    body: C.UserPasswordBody,
    about: "set a password; ends the sessions of that name",
  },
  userRole: { ...onUser, path: "/v1/users/{user}/role", body: C.UserRoleBody, about: "change a role" },
  userRemove: { ...onUser, path: "/v1/users/{user}/remove", body: C.ByOnlyBody, about: "remove a person" },
  tokens: { ...get, path: "/v1/tokens", reply: C.TokensReply, role: admin, about: "tokens of programs" },
  tokenAdd: {
    ...post,
    path: "/v1/tokens",
    body: C.TokenAddBody,
    reply: C.TokenAddReply,
    about: "make a token; its secret is shown this once",
  },
  tokenRevoke: {
    ...post,
    path: "/v1/tokens/{id}/revoke",
    params: C.TokenParams,
    body: C.ByOnlyBody,
    about: "revoke a token",
  },
  link: {
    ...post,
    path: "/v1/links",
    body: C.LinkBody,
    reply: C.LinkReply,
    door: "shell",
    about: "make a one-time link that signs in",
  },
  audit: {
    ...get,
    path: "/v1/audit",
    query: AuditQuery,
    reply: C.AuditReply,
    role: admin,
    about: "state-changing calls, newest first",
  },
  demo: {
    ...post,
    path: "/v1/demo",
    body: DemoRequest,
    reply: DemoState,
    role: "operator",
    door: "demo",
    timeoutMs: 60_000,
    about: "make trouble in the demo",
  },
} as const satisfies Record<string, ConsoleRoute>;

export type ConsoleRouteName = keyof typeof CONSOLE_ROUTES;

export const OPENAPI_PATH = "/v1/openapi.json";
