/** What the console's server takes and answers beside the daemon's own routes. */
import { z } from "zod";
import { Role } from "./access.ts";
import { Count, OPERATOR_CHARS_MAX, WallMillis } from "./words.ts";

/** Units: characters. */
export const PASSWORD_CHARS_MIN = 10;
export const PASSWORD_CHARS_MAX = 256;
export const AUDIT_LIMIT_MAX = 500;
/** Units: days. No token lives longer. */
export const TOKEN_DAYS_MAX = 366;

/** Login names: what goes into certificates and audit records without quoting. */
export const UserName = z
  .string()
  .regex(/^[a-z_][a-z0-9._-]*$/, "must be of lower case letters, digits, dot, dash and underscore")
  .max(OPERATOR_CHARS_MAX);
const Password = z.string().min(PASSWORD_CHARS_MIN).max(PASSWORD_CHARS_MAX);
const Given = z.string().min(1).max(PASSWORD_CHARS_MAX);
/** From the shell: the login name of the person. Over the network the one who signed in is taken. */
const By = z.string().trim().min(1).max(OPERATOR_CHARS_MAX).exactOptional();

export const SignInBody = z.strictObject({
  user: z.string().min(1).max(OPERATOR_CHARS_MAX),
  password: Given,
});
export const LinkSignInBody = z.strictObject({ token: z.string().min(1).max(128) });

export const How = z.enum(["password", "link", "token", "proxy", "shell"]);
export type How = z.infer<typeof How>;

/** Who is signed in, and what this server offers. */
export const SessionReply = z.object({
  signedIn: z.boolean(),
  user: z.string().exactOptional(),
  role: Role.exactOptional(),
  how: How.exactOptional(),
  /** Absent: does not end by itself. */
  expiresAt: WallMillis.exactOptional(),
  node: z.string(),
  /** Trouble can be made here: this is the demo. */
  demo: z.boolean(),
});
export type SessionReply = z.infer<typeof SessionReply>;

export const UserView = z.object({
  name: z.string(),
  role: Role,
  createdAt: WallMillis,
  hasPassword: z.boolean(),
  lastSeenAt: WallMillis.exactOptional(),
});
export type UserView = z.infer<typeof UserView>;
export const UsersReply = z.object({ users: z.array(UserView) });

export const UserParams = z.strictObject({ user: UserName });
export const UserAddBody = z.strictObject({
  name: UserName,
  role: Role,
  /** Absent: the person signs in through the proxy only. */
  password: Password.exactOptional(),
  by: By,
});
export const UserPasswordBody = z.strictObject({ password: Password, by: By });
export const UserRoleBody = z.strictObject({ role: Role, by: By });
export const OwnPasswordBody = z.strictObject({ current: Given, password: Password });
export const ByOnlyBody = z.strictObject({ by: By });
export const DoneReply = z.object({ done: z.literal(true) });

export const TokenView = z.object({
  id: z.string(),
  name: z.string(),
  role: Role,
  /** Names of routes; absent: all that the role may use. */
  routes: z.array(z.string()).exactOptional(),
  createdAt: WallMillis,
  createdBy: z.string(),
  expiresAt: WallMillis,
  lastUsedAt: WallMillis.exactOptional(),
});
export type TokenView = z.infer<typeof TokenView>;
export const TokensReply = z.object({ tokens: z.array(TokenView) });
export const TokenParams = z.strictObject({ id: z.string().regex(/^[0-9a-f]{1,16}$/) });
export const TokenAddBody = z.strictObject({
  name: z.string().trim().min(1).max(OPERATOR_CHARS_MAX),
  role: Role,
  routes: z.array(z.string().max(64)).min(1).max(64).exactOptional(),
  days: z.int().min(1).max(TOKEN_DAYS_MAX),
  by: By,
});
/** `secret` is shown this once. */
export const TokenAddReply = z.object({ token: TokenView, secret: z.string() });

export const LinkBody = z.strictObject({
  role: Role.default("admin"),
  /** Units: s. */
  seconds: z.int().min(10).max(86_400).default(300),
  by: By,
});
export const LinkReply = z.object({ url: z.string(), expiresAt: WallMillis, role: Role });

/** One state-changing call: who, when, from where, what, and what came of it. */
export const AuditRecord = z.object({
  seq: Count,
  at: WallMillis,
  who: z.string(),
  role: Role.exactOptional(),
  how: How.exactOptional(),
  from: z.string(),
  /** Name of the route. */
  what: z.string(),
  /** Without secrets. */
  args: z.record(z.string(), z.unknown()),
  /** Absent: still under way, or the console ended before it did. */
  result: z.enum(["done", "refused", "failed"]).exactOptional(),
  code: z.string().exactOptional(),
  tookMs: z.number().exactOptional(),
});
export type AuditRecord = z.infer<typeof AuditRecord>;
export const AuditReply = z.object({ records: z.array(AuditRecord), next: Count.exactOptional() });

/** Units: ms. A stream that is silent longer is dead: the page says so. */
export const PULSE_EVERY_MS = 2_000;
/** Sent to every page: the console lives, and whether the daemon behind it does. */
export const Pulse = z.object({
  at: WallMillis,
  /** `lost`: what the page shows is as of `since`. */
  daemon: z.enum(["live", "lost"]),
  since: WallMillis,
});
export type Pulse = z.infer<typeof Pulse>;

/** How the console's socket is called beside the daemon's. */
export function shellSocketOf(daemonSocket: string): string {
  return daemonSocket.replace(/(\.sock)?$/, ".console.sock");
}
