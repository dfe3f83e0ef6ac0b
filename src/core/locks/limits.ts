/** Every limit of the lock manager, with its name and unit. docs/locks.md lists them for users. */

/** Locks (held or waited for) in the whole domain. */
export const LOCKS_MAX = 200_000;
/** Locks of one node. */
export const NODE_LOCKS_MAX = 100_000;
/** Holders and waiters of one resource. */
export const RESOURCE_LOCKS_MAX = 256;
/** Units: bytes of UTF-8. Source: DLM_RESNAME_MAXLEN, DLM_LOCKSPACE_LEN. */
export const NAME_BYTES_MAX = 64;
/** Units: characters of an owner's description. */
export const OWNER_CHARS_MAX = 64;
/** Units: characters of base64: 64 bytes. */
export const VALUE_CHARS_MAX = 88;
/** Requests in one message; more wait for the next. */
export const OPS_PER_MESSAGE_MAX = 1_000;
/** Decisions in one message of the master. */
export const DECISIONS_PER_MESSAGE_MAX = 1_000;
/** Units: characters of JSON in one part of a table or of claims: a message holds 900,000 bytes. */
export const PART_CHARS_MAX = 200_000;
/** Locks that a node keeps although nobody uses them: so many new ones, and as many from before. */
export const KEPT_PER_GENERATION = 2_048;
