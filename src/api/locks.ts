/** The locks' socket and the list of locks. One JSON document per line in both directions; docs/locks.md. */
import { z } from "zod";
import { NAME_BYTES_MAX, OWNER_CHARS_MAX, VALUE_CHARS_MAX } from "../core/locks/limits.ts";
import { isLockName, isLockspace } from "../core/locks/names.ts";

/** Version of what is spoken on the socket. */
export const LOCKS_VERSION = 1;
/** Units: bytes of one line. */
export const LOCK_LINE_BYTES_MAX = 4_096;
/** Locks of one client, held or waited for. */
export const CLIENT_LOCKS_MAX = 10_000;

/** Beside the socket of the API. */
export function locksSocketOf(daemonSocketPath: string): string {
  return daemonSocketPath.replace(/(\.sock)?$/, "-locks.sock");
}

export const LockMode = z.enum(["NL", "CR", "CW", "PR", "PW", "EX"]);
export const Lockspace = z
  .string()
  .max(NAME_BYTES_MAX)
  .refine(isLockspace, "must be 1 to 64 letters, digits and . _ + -");
export const LockName = z
  .string()
  .max(NAME_BYTES_MAX)
  .refine(isLockName, "must be 1 to 64 bytes without control characters");
const Value = z
  .string()
  .max(VALUE_CHARS_MAX)
  .regex(
    /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
    "must be base64 of at most 64 bytes",
  );
/** The client's own number for a lock. */
const Handle = z.int().min(1).max(Number.MAX_SAFE_INTEGER);

/** What a client says; `hello` first. */
export const LockOrder = z.discriminatedUnion("op", [
  z.strictObject({
    op: z.literal("hello"),
    version: z.int().min(1),
    pid: z.int().min(1),
    /** Refuse to speak with a daemon of another cluster. */
    cluster: z.string().max(255).exactOptional(),
    owner: z.string().max(OWNER_CHARS_MAX).exactOptional(),
  }),
  z.strictObject({
    op: z.literal("lock"),
    n: Handle,
    lockspace: Lockspace,
    name: LockName,
    mode: LockMode,
    noQueue: z.literal(true).exactOptional(),
    persistent: z.literal(true).exactOptional(),
  }),
  /** Takes over a persistent lock of this host. */
  z.strictObject({ op: z.literal("adopt"), n: Handle, lockspace: Lockspace, name: LockName }),
  z.strictObject({
    op: z.literal("convert"),
    n: Handle,
    mode: LockMode,
    noQueue: z.literal(true).exactOptional(),
    value: Value.exactOptional(),
  }),
  z.strictObject({ op: z.literal("unlock"), n: Handle, value: Value.exactOptional() }),
  z.strictObject({ op: z.literal("cancel"), n: Handle }),
]);
export type LockOrder = z.infer<typeof LockOrder>;

/** What the daemon says. */
export const LockNews = z.discriminatedUnion("event", [
  z.object({ event: z.literal("hello"), version: z.int(), cluster: z.string(), node: z.string() }),
  z.object({
    event: z.literal("granted"),
    n: Handle,
    mode: LockMode,
    value: z.object({ data: z.string(), valid: z.boolean() }).exactOptional(),
  }),
  z.object({
    event: z.literal("refused"),
    n: Handle,
    why: z.enum(["busy", "deadlock", "cancelled", "limit", "unknown"]),
  }),
  z.object({ event: z.literal("released"), n: Handle }),
  z.object({ event: z.literal("blocking"), n: Handle, mode: LockMode }),
  z.object({ event: z.literal("lost"), n: Handle, why: z.string() }),
  /** The connection is closed after it. */
  z.object({ event: z.literal("error"), detail: z.string() }),
]);
export type LockNews = z.infer<typeof LockNews>;

const Holder = z.object({
  node: z.string(),
  owner: z.string(),
  mode: LockMode.exactOptional(),
  wants: LockMode.exactOptional(),
  since: z.number(),
  persistent: z.boolean(),
  /** Why it waits; absent when it does not. */
  why: z.string().exactOptional(),
});
export const LocksReply = z.object({
  /** In the whole domain. */
  count: z.int(),
  resources: z.array(z.object({ lockspace: z.string(), name: z.string(), locks: z.array(Holder) })),
  /** More there are than fit into the answer. */
  more: z.int(),
});
export type LocksReply = z.infer<typeof LocksReply>;
