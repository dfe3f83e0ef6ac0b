/**
 * The shape of every message, with limits: peers are checked like anybody else. A message that
 * does not fit is garbage, never half believed. Source: src/core/messages.ts.
 */
import { z } from "zod";
import { HOLDS_MAX } from "../core/configuration/desk.ts";
import {
  COMMENT_CHARS_MAX,
  CONFIGS_KEPT,
  CONFIRM_MS_MAX,
  PROBLEM_CHARS_MAX,
  REPORT_PROBLEMS_MAX,
} from "../core/configuration/stamp.ts";
import type { Body } from "../core/messages.ts";
import { ENTRIES_PER_REPORT_MAX, NAME_TOLD_MAX, TOLD_CHARS_MAX } from "../core/readiness/types.ts";
import {
  LockClaims,
  LockGrants,
  LockOps,
  LockTablePart,
  VolumeRefresh,
  VolumeRefreshed,
} from "./lock-schema.ts";

const Text = z.string().max(500);
const Id = z.int().min(1).max(0xffffffff);
const Count = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
const Wall = z.number().min(0).max(1e15);
const Incarnation = z.strictObject({ boot: z.string().max(64), start: z.string().max(64) });
const Grade = z.enum(["A", "B", "C", "D", "H"]);
const Demand = z.enum(["A", "B", "C", "D"]);
const Process = z.string().regex(/^\d{1,10}\/[\w.-]{1,40}$/);
/** Nodes of one cluster. Corosync carries fewer. */
const NODES_MAX = 256;
const list = <T extends z.ZodType>(item: T, max = NODES_MAX) => z.array(item).max(max);

const Member = z.strictObject({ ...Incarnation.shape, node: Id });
const Departed = z.strictObject({ node: Id, epoch: Count });
const Version = Count;
const Digest = z.string().max(128);
const Name = z.strictObject({ version: Version, digest: Digest });
const Comment = z.string().max(COMMENT_CHARS_MAX);
const WithinMs = z.int().min(0).max(CONFIRM_MS_MAX);
const Stamp = z.strictObject({
  ...Name.shape,
  by: Text,
  at: Wall,
  comment: Comment,
  confirm: z.strictObject({ withinMs: WithinMs, until: Wall, back: Name }).optional(),
});
const Problems = z.array(z.string().max(PROBLEM_CHARS_MAX)).max(REPORT_PROBLEMS_MAX);
const Report = z.strictObject({ node: Id, ok: z.boolean(), problems: Problems });
const Staged = z.strictObject({
  ...Name.shape,
  by: Text,
  at: Wall,
  comment: Comment,
  base: Digest,
  floor: Version,
  reports: list(Report),
});
const Configs = z.strictObject({
  staged: Staged.optional(),
  wish: Stamp.optional(),
  carried: Stamp.optional(),
  activated: list(Stamp, CONFIGS_KEPT),
  lastVersion: Version,
});
const Epoch = z.strictObject({
  n: Count,
  members: list(Member),
  departed: list(Departed),
  config: Stamp,
  proposer: z.int().min(0).max(0xffffffff),
});
const Evidence = z.strictObject({ grade: Grade, source: z.string().max(1_200), at: Wall, by: Id });
const Step = z.strictObject({
  at: Wall,
  executor: Id,
  attempt: Count,
  method: Text,
  methodIndex: Count,
  device: Text,
  deviceIndex: Count,
  agent: Text,
  action: z.string().max(40),
  result: z.enum(["ok", "failed", "timeout"]),
  tookMs: z.number().min(0),
  power: z.enum(["on", "off", "unknown"]).optional(),
  text: Text,
});
const Read = z.strictObject({ device: Text, power: z.enum(["on", "off"]), at: Wall });
const Cause = z.enum([
  "node-down",
  "process-down",
  "unknown since start",
  "returned without a restart",
  "not part of the newest epoch",
]);
const How = z.enum(["agent", "member", "reunited", "external", "override", "watchdog"]);
const Shooting = {
  node: Id,
  incarnation: Incarnation.optional(),
  attempt: Count,
  sinceAttempt: Count,
  attempts: Count,
  tried: list(Id),
  doing: Text.optional(),
  steps: list(Step, 64),
  evidence: list(Evidence, 32),
};
const Victim = z.strictObject({
  ...Shooting,
  cause: Cause,
  firstSeenAt: Wall.optional(),
  stage: z.enum(["waiting", "fencing", "stuck"]),
  reason: z.string().max(1_200),
  begun: z.boolean(),
  rounds: Count,
  lastRead: Read.optional(),
  executor: Id.optional(),
  requestedBy: Text.optional(),
});
const Shot = z.strictObject({
  ...Shooting,
  executor: z.int().min(0).max(0xffffffff),
  requestedBy: Text,
  active: z.boolean(),
});
const Incident = z.strictObject({
  seq: Id,
  node: Id,
  name: Text,
  incarnation: Incarnation.optional(),
  epoch: Count,
  cause: Cause,
  how: How,
  firstSeenAt: Wall,
  doneAt: Wall,
  attempts: Count,
  steps: list(Step, 64),
  evidence: list(Evidence, 32),
  executor: Id.optional(),
  configVersion: Count,
  previousHash: z.string().max(64),
  hash: z.string().length(64),
});
const Ledger = z.strictObject({
  epoch: Epoch,
  established: z.boolean(),
  members: list(Member),
  departed: list(Departed),
  victims: list(Victim),
  suspects: list(z.strictObject({ node: Id, incarnation: Incarnation })),
  shots: list(Shot),
  open: z.boolean(),
  startup: z.enum(["pending", "done"]),
  lastAttempt: Count,
  incidents: list(Incident, 256),
  configs: Configs,
});
const Hello = z.strictObject({
  type: z.literal("hello"),
  protocol: z.strictObject({ min: Count, max: Count }),
  name: z.string().max(255),
  incarnation: Incarnation,
  clean: z.boolean(),
  asking: z.literal(true).optional(),
  letGo: z.literal(true).optional(),
  wants: z.enum(["join", "none"]),
  live: z.boolean(),
  expelled: z.boolean(),
  establishedEpoch: Count,
  durable: Epoch,
  previousRing: z.string().max(200),
  movedWith: list(Process),
  digest: z.string().max(64),
  incidentSeq: Count,
  shots: list(z.strictObject({ node: Id, incarnation: Incarnation.optional(), attempt: Count })),
  claims: Count,
  votes: z.int().min(0).max(65_535),
  configVersion: Count,
  file: Name,
  holds: list(Digest, HOLDS_MAX),
  lastVersion: Version,
  evidenceDemand: Demand,
  missedAt: list(z.strictObject({ node: Id, at: Wall })),
  wall: Wall,
});

/** Told of devices, and shown to people: short, and nothing believes it. */
const Machine = z.strictObject({
  serial: z.string().max(64).optional(),
  uuid: z.string().max(64).optional(),
  product: z.string().max(128).optional(),
});
const ReadinessEntry = z.strictObject({
  node: Id,
  deviceName: z.string().max(NAME_TOLD_MAX),
  plug: z.string().max(NAME_TOLD_MAX),
  standing: z.enum(["unknown", "ready", "doubtful", "failing"]),
  power: z.enum(["on", "off", "unknown"]),
  tookMs: z.number().min(0).max(1e9),
  ageMs: z.number().min(0).max(1e12),
  kind: z.string().max(40).optional(),
  detail: z.string().max(TOLD_CHARS_MAX),
  alarm: z.string().max(TOLD_CHARS_MAX).optional(),
});

const target = { node: Id, incarnation: Incarnation.optional() };

export const BodySchema = z.discriminatedUnion("type", [
  Hello,
  z.strictObject({
    type: z.literal("readiness"),
    machine: Machine.optional(),
    entries: list(ReadinessEntry, ENTRIES_PER_REPORT_MAX),
  }),
  VolumeRefresh,
  VolumeRefreshed,
  LockClaims,
  LockTablePart,
  z.strictObject({ type: z.literal("snapshot"), ledger: Ledger, locks: z.string().max(64) }),
  LockOps,
  LockGrants,
  z.strictObject({ type: z.literal("probe") }),
  z.strictObject({ type: z.literal("here") }),
  z.strictObject({ type: z.literal("mute"), process: Process }),
  z.strictObject({ type: z.literal("startup-victims"), victims: list(Victim) }),
  z.strictObject({ type: z.literal("quorate"), wall: Wall, quorumVotes: Count }),
  z.strictObject({ type: z.literal("inquorate") }),
  z.strictObject({ type: z.literal("need-epoch") }),
  z.strictObject({ type: z.literal("join"), incarnation: Incarnation, clean: z.boolean(), wall: Wall }),
  z.strictObject({ type: z.literal("leave") }),
  z.strictObject({
    type: z.literal("propose"),
    epoch: Epoch,
    quorumVotes: Count,
    purpose: z.enum(["members", "config"]),
  }),
  z.strictObject({ type: z.literal("persisted"), n: Count, proposer: Id, votes: z.int().min(0).max(65_535) }),
  z.strictObject({ type: z.literal("grace-over"), node: Id, incarnation: Incarnation, missedAt: Wall }),
  z.strictObject({
    type: z.literal("fence-start"),
    ...target,
    executor: Id,
    by: Text.optional(),
    wall: Wall,
  }),
  z.strictObject({
    type: z.literal("fence-progress"),
    node: Id,
    attempt: Count,
    doing: Text,
    read: Read.optional(),
  }),
  z.strictObject({
    type: z.literal("fence-result"),
    ...target,
    attempt: Count,
    ok: z.boolean(),
    reason: z.string().max(1_200),
    steps: list(Step, 64),
    evidence: list(Evidence, 32),
  }),
  z.strictObject({ type: z.literal("shot-end"), node: Id, attempt: Count }),
  z.strictObject({
    type: z.literal("victim-state"),
    node: Id,
    stage: z.enum(["waiting", "stuck"]),
    reason: z.string().max(1_200),
    rounds: Count,
    isVoid: z.literal(true).optional(),
  }),
  z.strictObject({
    type: z.literal("victim-done"),
    ...target,
    how: How,
    wall: Wall,
    configVersion: Count,
    name: Text,
  }),
  z.strictObject({ type: z.literal("shoot"), ...target, by: Text }),
  z.strictObject({
    type: z.literal("ack"),
    ...target,
    by: Text,
    statement: z.string().max(1_000),
    insists: z.boolean(),
    wall: Wall,
  }),
  z.strictObject({ type: z.literal("document"), digest: Digest.min(1) }),
  z.strictObject({
    type: z.literal("stage"),
    ...Name.shape,
    by: Text,
    comment: Comment,
    base: Digest,
    replace: z.boolean(),
    wall: Wall,
  }),
  z.strictObject({ type: z.literal("weighed"), digest: Digest, ok: z.boolean(), problems: Problems }),
  z.strictObject({ type: z.literal("discard"), digest: Digest, by: Text }),
  z.strictObject({
    type: z.literal("activate"),
    digest: Digest,
    by: Text,
    comment: Comment,
    withinMs: WithinMs.optional(),
    wall: Wall,
  }),
  z.strictObject({ type: z.literal("confirm"), digest: Digest, by: Text }),
  z.strictObject({ type: z.literal("revert"), back: Digest, config: Stamp }),
]);

/** A body that the core gains and the schema lacks breaks here, at compile time. */
type Same<A, B> = [A] extends [B] ? true : never;
export const COMPLETE: Same<Body["type"], z.infer<typeof BodySchema>["type"]> = true;
