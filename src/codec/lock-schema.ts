/** The shape of everything about locks that peers say, with limits. Source: src/core/locks. */
import { z } from "zod";
import {
  DECISIONS_PER_MESSAGE_MAX,
  NAME_BYTES_MAX,
  OPS_PER_MESSAGE_MAX,
  OWNER_CHARS_MAX,
  PART_CHARS_MAX,
  RESOURCE_LOCKS_MAX,
  VALUE_CHARS_MAX,
} from "../core/locks/limits.ts";
import { isLockName, isLockspace } from "../core/locks/names.ts";
import { VOLUME_PATH_CHARS_MAX, VOLUME_PROBLEM_CHARS_MAX } from "../core/locks/volumes.ts";

const Node = z.int().min(1).max(0xffffffff);
const LockId = z.int().min(1).max(Number.MAX_SAFE_INTEGER);
const Wall = z.number().min(0).max(1e15);
const Mode = z.enum(["NL", "CR", "CW", "PR", "PW", "EX"]);
const Yes = z.literal(true).optional();
const Data = z
  .string()
  .max(VALUE_CHARS_MAX)
  .regex(/^[A-Za-z0-9+/]*={0,2}$/);
const named = {
  lockspace: z.string().max(NAME_BYTES_MAX).refine(isLockspace),
  name: z.string().max(NAME_BYTES_MAX).refine(isLockName),
};
const Owner = z.string().max(OWNER_CHARS_MAX);
const Value = z.strictObject({ data: Data, valid: z.boolean() });
const Lock = z.strictObject({
  node: Node,
  id: LockId,
  mode: Mode.optional(),
  wants: Mode.optional(),
  noQueue: Yes,
  persistent: Yes,
  eager: Yes,
  firm: Yes,
  owner: Owner,
  since: Wall,
});
/** Shortest item of a list in JSON: no part holds more items than this leaves room for. */
const ITEM_CHARS_MIN = 40;
const PART_ITEMS_MAX = PART_CHARS_MAX / ITEM_CHARS_MIN;

export const VolumeRefresh = z.strictObject({
  type: z.literal("volume-refresh"),
  number: LockId,
  lockspace: named.lockspace,
  uuid: named.name,
  path: z.string().max(VOLUME_PATH_CHARS_MAX),
});
export const VolumeRefreshed = z.strictObject({
  type: z.literal("volume-refreshed"),
  of: Node,
  number: LockId,
  problem: z.string().max(VOLUME_PROBLEM_CHARS_MAX).optional(),
});
export const LockClaims = z.strictObject({
  type: z.literal("lock-claims"),
  claims: z
    .array(z.strictObject({ ...named, id: LockId, mode: Mode, owner: Owner, persistent: Yes }))
    .max(PART_ITEMS_MAX),
});
const Locks = z.array(Lock).max(RESOURCE_LOCKS_MAX);
export const LockTablePart = z.strictObject({
  type: z.literal("lock-table"),
  resources: z
    .array(
      z.strictObject({
        ...named,
        granted: Locks,
        converting: Locks,
        waiting: Locks,
        value: Value.optional(),
      }),
    )
    .max(PART_ITEMS_MAX),
});
const Op = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("lock"),
    ...named,
    id: LockId,
    mode: Mode,
    owner: Owner,
    noQueue: Yes,
    persistent: Yes,
  }),
  z.strictObject({
    type: z.literal("convert"),
    ...named,
    id: LockId,
    mode: Mode,
    noQueue: Yes,
    value: Data.optional(),
  }),
  z.strictObject({ type: z.literal("unlock"), ...named, id: LockId, value: Data.optional() }),
  z.strictObject({ type: z.literal("in-use"), ...named, id: LockId }),
]);
export const LockOps = z.strictObject({
  type: z.literal("lock-ops"),
  wall: Wall,
  ops: z.array(Op).max(OPS_PER_MESSAGE_MAX),
});
const Word = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("grant"),
    ...named,
    node: Node,
    id: LockId,
    mode: Mode,
    value: Value.optional(),
  }),
  z.strictObject({
    type: z.literal("refuse"),
    ...named,
    node: Node,
    id: LockId,
    why: z.enum(["busy", "deadlock"]),
  }),
]);
export const LockGrants = z.strictObject({
  type: z.literal("lock-grants"),
  /** One resource may bring some more words than the limit at which a message is closed. */
  words: z.array(Word).max(DECISIONS_PER_MESSAGE_MAX + RESOURCE_LOCKS_MAX),
});
