/** The life of the configuration over the API. No answer holds a password: texts are masked. */
import { z } from "zod";
import { By, queryInteger } from "./requests.ts";
import { Count, WallMillis } from "./words.ts";

/** Characters of a configuration's text; its bytes have a limit of their own. */
export const CONFIG_TEXT_CHARS_MAX = 800_000;
/** Units: bytes. A body with such a text as JSON, each character at its longest. */
export const CONFIG_BODY_BYTES_MAX = 4 * 1024 * 1024;
/** Characters of the comment of an activation. */
export const CONFIG_COMMENT_CHARS_MAX = 200;
/** Longest time to confirm an activation. Units: ms. */
export const CONFIG_CONFIRM_MS_MAX = 24 * 3_600_000;
export const CONFIG_HISTORY_LIMIT_MAX = 1_000;
export const CONFIG_HISTORY_LIMIT_DEFAULT = 20;

const Text = z.string().min(1).max(CONFIG_TEXT_CHARS_MAX);
const Comment = z.string().trim().max(CONFIG_COMMENT_CHARS_MAX);

/**
 * Which text is meant: a version by its number; `in-force`; `staged`; `file`: cluster.conf on this node's
 * disk; `new`: cluster.conf.new beside it; `given`: the one that comes with the request.
 */
const Ref = z
  .string()
  .regex(
    /^(?:in-force|staged|file|new|given|[1-9][0-9]{0,14})$/,
    "must be the number of a version, or one of in-force, staged, file, new, given",
  );
const Given = { text: Text.exactOptional() };

export const ConfigTextQuery = z.strictObject({ of: Ref.default("in-force") });
export const ConfigHistoryQuery = z.strictObject({
  limit: queryInteger(1, CONFIG_HISTORY_LIMIT_MAX).default(CONFIG_HISTORY_LIMIT_DEFAULT),
});
export const ConfigDiffQuery = z.strictObject({ a: Ref.default("in-force"), b: Ref.default("staged") });
export const ConfigCompareBody = z.strictObject({ with: Ref.default("in-force"), text: Text });
export const ConfigValidateBody = z.strictObject({ of: Ref.default("given"), ...Given });
export const ConfigStageBody = z.strictObject({
  by: By,
  of: Ref.default("given"),
  ...Given,
  comment: Comment.default(""),
  /** Takes the place of what somebody else has staged. */
  replace: z.boolean().default(false),
});
export const ConfigActivateBody = z.strictObject({
  by: By,
  /** The staged version that is meant; absent: whatever is staged. */
  version: z.int().min(1).exactOptional(),
  comment: Comment.default(""),
  /** Goes back by itself unless it is confirmed within this time. Units: ms. */
  withinMs: z.int().min(1_000).max(CONFIG_CONFIRM_MS_MAX).exactOptional(),
  /** Wait while somebody is being fenced, instead of being refused. */
  wait: z.boolean().default(false),
});

const Name = { version: Count, digest: z.string() };
export const ConfigStampView = z.object({
  ...Name,
  /** Who activated it; empty: it was the file on disk at the first start. */
  by: z.string(),
  at: WallMillis,
  comment: z.string(),
  confirm: z.object({ withinMs: z.number(), until: WallMillis, back: z.object(Name) }).exactOptional(),
});
export type ConfigStampView = z.infer<typeof ConfigStampView>;

const Report = z.object({ node: z.string(), ok: z.boolean(), problems: z.array(z.string()) });

export const ConfigReply = z.object({
  node: z.string(),
  at: WallMillis,
  /** In force in the epoch. */
  inForce: ConfigStampView,
  epoch: Count,
  /** False: no epoch is established yet, `inForce` is what this node has read. */
  established: z.boolean(),
  staged: z
    .object({
      ...Name,
      by: z.string(),
      at: WallMillis,
      comment: z.string(),
      reports: z.array(Report),
      /** Members that have not answered yet. */
      missing: z.array(z.string()),
    })
    .exactOptional(),
  /** Asked for, and not in force yet: it waits for the disks. */
  activating: ConfigStampView.exactOptional(),
  /** cluster.conf on this node's disk. */
  file: z.object({
    path: z.string(),
    state: z.enum(["unknown", "same", "older", "newer", "differs", "missing", "unreadable"]),
    version: Count.exactOptional(),
    problem: z.string().exactOptional(),
  }),
});
export type ConfigReply = z.infer<typeof ConfigReply>;

export const ConfigTextReply = z.object({
  name: z.string(),
  version: Count.exactOptional(),
  digest: z.string(),
  text: z.string(),
});
export const ConfigHistoryReply = z.object({ versions: z.array(ConfigStampView) });

/** See src/config/diff: `frozen` cannot change while the cluster runs, `watch`: look twice. */
const Subject = z.discriminatedUnion("type", [
  z.object({ type: z.literal("node"), node: z.string() }),
  z.object({ type: z.literal("device"), device: z.string() }),
  z.object({ type: z.enum(["cluster", "waits", "other"]) }),
]);
export const ConfigChange = z.object({
  subject: Subject,
  weight: z.enum(["frozen", "watch", "better", "plain"]),
  text: z.string(),
  effect: z.string().exactOptional(),
});

const DiffSide = z.object({ name: z.string(), version: Count.exactOptional() });
export const ConfigDiffReply = z.object({
  a: DiffSide,
  b: DiffSide,
  same: z.boolean(),
  /** Unified, with passwords masked; a line whose password changed is shown as changed. */
  text: z.string(),
  /** What it means; empty where one of them cannot be used, or both mean the same. */
  changes: z.array(ConfigChange),
});
export type ConfigDiffReply = z.infer<typeof ConfigDiffReply>;

export const ConfigProblemView = z.object({
  severity: z.enum(["error", "warning", "hint"]),
  line: Count,
  column: Count.exactOptional(),
  what: z.string(),
  reason: z.string().exactOptional(),
  expected: z.string(),
  nearest: z.string().exactOptional(),
});

export const ConfigValidateReply = z.object({
  ok: z.boolean(),
  version: Count.exactOptional(),
  problems: z.array(ConfigProblemView),
  /** What cannot change while the cluster runs. */
  fixed: z.array(z.string()),
});

const Done = { ...Name, epoch: Count };
export const ConfigStageReply = z.object({
  type: z.literal("staged"),
  ...Done,
  /** The version was raised for you. */
  raised: z.boolean(),
  warnings: z.array(z.string()),
});
export const ConfigActivateReply = z.object({ type: z.literal("activated"), ...Done });
export const ConfigConfirmReply = z.object({ type: z.literal("confirmed"), ...Done });
export const ConfigDiscardReply = z.object({ type: z.literal("discarded"), ...Done });
