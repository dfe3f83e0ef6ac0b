/** The route table: every request that the daemon understands, as data. Server and client share it. */
import { z } from "zod";

import type { Role } from "./access.ts";

import { AgentsReply } from "./agents.ts";
import {
  CONFIG_BODY_BYTES_MAX,
  ConfigActivateBody,
  ConfigActivateReply,
  ConfigCompareBody,
  ConfigConfirmReply,
  ConfigDiffQuery,
  ConfigDiffReply,
  ConfigDiscardReply,
  ConfigHistoryQuery,
  ConfigHistoryReply,
  ConfigReply,
  ConfigStageBody,
  ConfigStageReply,
  ConfigTextQuery,
  ConfigTextReply,
  ConfigValidateBody,
  ConfigValidateReply,
} from "./config.ts";
import { LocksReply } from "./locks.ts";
import { ReadinessReply } from "./readiness.ts";
import {
  AckReply,
  CheckReply,
  FenceReply,
  GateReply,
  HistoryReply,
  MembershipReply,
  PowerReply,
  UnfenceReply,
  WaitReply,
  WhyReply,
} from "./replies.ts";
import {
  AckBody,
  ByBody,
  CheckBody,
  FenceBody,
  HistoryQuery,
  NoBody,
  NodeParams,
  WAIT_SECONDS_MAX,
  WaitQuery,
} from "./requests.ts";
import { StatusView } from "./status.ts";
import { VolumesReply } from "./volumes.ts";

/**
 * Shape: `path` with `{name}` where a parameter goes. Every schema is strict; `body` is of a POST,
 * `query` of a GET. The streams (`/v1/events`) and the text of `/metrics` are not in this table.
 */
export interface Route<P = unknown, Q = unknown, B = unknown, R = unknown> {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly params: z.ZodType<P>;
  readonly query: z.ZodType<Q>;
  readonly body: z.ZodType<B>;
  readonly reply: z.ZodType<R>;
  /** How long a client waits for the answer unless it says otherwise. Units: ms. */
  readonly timeoutMs: number;
  /** Largest body; absent: BODY_BYTES_MAX. Units: bytes. */
  readonly bodyBytesMax?: number;
  /** What it does, for docs/api.md. */
  readonly about: string;
  /** A POST only because a text comes with it: done as often as somebody types, and in no audit record. */
  readonly changes?: "nothing";
  /** Who may use it over the network; absent: see {@link roleFor}. */
  readonly role?: Role;
}

const None = z.strictObject({});
/** Answered from memory. */
const QUICK_MS = 5_000;
/** Answered when device-mapper has. */
const VOLUMES_MS = 15_000;
/** Answered when the group or the devices have done something, each step of which has its own limit. */
const SLOW_MS = 15 * 60_000;
const get = { method: "GET", params: None, query: None, body: NoBody, timeoutMs: QUICK_MS } as const;
const post = { method: "POST", params: None, query: None, body: NoBody, timeoutMs: SLOW_MS } as const;
const byOperator = { ...post, role: "operator" } as const;
const onNode = { ...byOperator, params: NodeParams } as const;
/** Answered when a text was read, in another thread. */
const READING_MS = 60_000;
const withText = { ...post, timeoutMs: READING_MS, bodyBytesMax: CONFIG_BODY_BYTES_MAX } as const;
/** Nothing changes by it. */
const looking = { ...withText, role: "operator", changes: "nothing" } as const;

export const ROUTES = {
  status: { ...get, path: "/v1/status", reply: StatusView, about: "everything this node knows" },
  why: { ...get, path: "/v1/why", reply: WhyReply, about: "why storage is held, and what ends it" },
  gate: { ...get, path: "/v1/gate", reply: GateReply, about: "may this node use the storage; cheap" },
  history: {
    ...get,
    path: "/v1/history",
    query: HistoryQuery,
    reply: HistoryReply,
    about: "closed incidents with their certificates, newest first",
  },
  readiness: {
    ...get,
    path: "/v1/readiness",
    reply: ReadinessReply,
    about: "would fencing work: what every member sees of every fence device, and how long it would take",
  },
  locks: {
    ...get,
    path: "/v1/locks",
    reply: LocksReply,
    about: "who holds which lock, who waits, and why",
  },
  volumes: {
    ...get,
    path: "/v1/volumes",
    reply: VolumesReply,
    timeoutMs: VOLUMES_MS,
    about: "LVM's shared volume groups: where they are started, who has which volume, what is active here",
  },
  agents: {
    ...get,
    path: "/v1/agents",
    reply: AgentsReply,
    about: "which fence agents are used on this node, and why these",
  },
  wait: {
    ...get,
    path: "/v1/wait",
    query: WaitQuery,
    reply: WaitReply,
    timeoutMs: WAIT_SECONDS_MAX * 1_000 + QUICK_MS,
    about: "answers when a condition holds, or 504 after the timeout",
  },
  power: {
    ...get,
    path: "/v1/nodes/{name}/power",
    params: NodeParams,
    reply: PowerReply,
    timeoutMs: SLOW_MS,
    role: "operator", // It makes devices work.
    about: "power of a node, read from its fence devices by this node",
  },
  join: { ...byOperator, path: "/v1/join", reply: MembershipReply, about: "enter the fence domain" },
  leave: {
    ...byOperator,
    path: "/v1/leave",
    reply: MembershipReply,
    about: "leave the fence domain; refused while storage is in use",
  },
  fence: {
    ...onNode,
    path: "/v1/nodes/{name}/fence",
    body: FenceBody,
    reply: FenceReply,
    about: "fence a node by hand; answers when the outcome is known",
  },
  unfence: {
    ...onNode,
    path: "/v1/nodes/{name}/unfence",
    body: ByBody,
    reply: UnfenceReply,
    about: "run the unfence devices of a node",
  },
  ack: {
    ...onNode,
    path: "/v1/nodes/{name}/ack",
    body: AckBody,
    reply: AckReply,
    about: "a person states that a victim is off",
  },
  check: {
    ...onNode,
    path: "/v1/nodes/{name}/check",
    body: CheckBody,
    reply: CheckReply,
    about: "ask every fence device of a node for its status, from this node",
  },
  config: {
    ...get,
    path: "/v1/config",
    reply: ConfigReply,
    about: "which configuration is in force, what is staged, and the file on this node's disk",
  },
  configText: {
    ...get,
    path: "/v1/config/text",
    query: ConfigTextQuery,
    reply: ConfigTextReply,
    timeoutMs: READING_MS,
    about: "the text of a configuration, passwords masked",
  },
  configHistory: {
    ...get,
    path: "/v1/config/history",
    query: ConfigHistoryQuery,
    reply: ConfigHistoryReply,
    timeoutMs: READING_MS,
    about: "activated configurations, newest first",
  },
  configDiff: {
    ...get,
    path: "/v1/config/diff",
    query: ConfigDiffQuery,
    reply: ConfigDiffReply,
    timeoutMs: READING_MS,
    about: "what differs between two configurations, passwords masked",
  },
  configCompare: {
    ...looking,
    path: "/v1/config/compare",
    body: ConfigCompareBody,
    reply: ConfigDiffReply,
    about: "what differs between a configuration and a text that is sent along",
  },
  configValidate: {
    ...looking,
    path: "/v1/config/validate",
    body: ConfigValidateBody,
    reply: ConfigValidateReply,
    about: "what is wrong with a configuration, and what cannot change while the cluster runs",
  },
  configStage: {
    ...withText,
    path: "/v1/config/stage",
    body: ConfigStageBody,
    reply: ConfigStageReply,
    timeoutMs: SLOW_MS,
    about: "give a configuration to every member, to be looked at there; nothing changes yet",
  },
  configActivate: {
    ...post,
    path: "/v1/config/activate",
    body: ConfigActivateBody,
    reply: ConfigActivateReply,
    about: "bring what is staged into force, on all members or on none",
  },
  configConfirm: {
    ...post,
    path: "/v1/config/confirm",
    body: ByBody,
    reply: ConfigConfirmReply,
    about: "keep a configuration that would go back by itself",
  },
  configDiscard: {
    ...post,
    path: "/v1/config/discard",
    body: ByBody,
    reply: ConfigDiscardReply,
    about: "forget what is staged",
  },
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof ROUTES;

/** Outside the table, because their answers are no JSON document. */
export const EVENTS_PATH = "/v1/events";
/** `metrics`: Prometheus text. `flight`: the flight record as NDJSON, see docs/operations.md. */
export const TEXTS = { metrics: "/metrics", flight: "/v1/flight" } as const;
export type TextName = keyof typeof TEXTS;
