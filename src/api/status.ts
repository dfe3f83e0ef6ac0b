/** `GET /v1/status`: the whole of what one daemon knows, in the shape of core/view/types.ts. */
import { z } from "zod";
import type * as View from "../core/view/types.ts";
import { Evidence, FenceStep } from "./incident.ts";
import {
  Count,
  DoneHow,
  Gate,
  Grade,
  Incarnation,
  NodeId,
  VictimCause,
  VictimStage,
  WallMillis,
} from "./words.ts";

export const NodeView = z.object({
  id: NodeId,
  name: z.string(),
  state: z.enum([
    "member",
    "joining",
    "observer",
    "victim",
    "suspect",
    "departed",
    "absent",
    "expelled",
    "refused",
  ]),
  present: z.boolean(),
  master: z.boolean(),
  methods: z.array(z.string()),
  incarnation: Incarnation.exactOptional(),
  configVersion: Count.exactOptional(),
  lastFenced: z.object({ how: DoneHow, at: WallMillis, executor: NodeId, seq: Count }).exactOptional(),
}) satisfies z.ZodType<View.NodeView>;

export const VictimView = z.object({
  id: NodeId,
  name: z.string(),
  cause: VictimCause,
  stage: VictimStage,
  reason: z.string(),
  firstSeenAt: WallMillis.exactOptional(),
  attempt: Count,
  rounds: Count,
  executor: z.string().exactOptional(),
  doing: z.string().exactOptional(),
  nextAt: WallMillis.exactOptional(),
  steps: z.array(FenceStep),
  evidence: z.array(Evidence),
}) satisfies z.ZodType<View.VictimView>;

export const Cause = z.object({
  code: z.string(),
  node: z.string().exactOptional(),
  step: z.string(),
  reason: z.string(),
  endsWhen: z.string(),
  actions: z.array(z.object({ command: z.string(), risk: z.string() })),
}) satisfies z.ZodType<View.Cause>;

/** Locks in the whole domain, and how many of them are wishes that were not granted. */
export const LockCounts = z.object({ count: Count, waiting: Count });

export const StatusView = z.object({
  cluster: z.string(),
  node: z.string(),
  nodeId: NodeId,
  at: WallMillis,
  verdict: z.string(),
  joined: z.boolean(),
  gate: Gate,
  gateSince: WallMillis,
  epoch: Count,
  synced: z.boolean(),
  quorate: z.boolean(),
  expelled: z.boolean(),
  master: NodeId,
  configVersion: Count,
  evidenceDemand: Grade,
  nodes: z.array(NodeView),
  victims: z.array(VictimView),
  why: z.array(Cause),
  inUse: z.array(z.string()),
  volumeGroups: z
    .array(z.object({ name: z.string(), started: z.array(z.string()), volumes: Count, waiting: Count }))
    .exactOptional(),
  locks: LockCounts.exactOptional(),
  warnings: z.array(z.string()),
  readiness: z.object({ devices: Count, ready: Count, failing: Count }).exactOptional(),
  domain: z.object({
    memberCount: z.int(),
    victimCount: Count,
    victimNow: NodeId,
    masterNodeid: NodeId,
    waitState: z.enum(["none", "messages", "quorum", "fencing"]),
    members: z.array(NodeId),
  }),
}) satisfies z.ZodType<View.StatusView>;
