/** What one member knows of the readiness of the cluster. Changes only by {@link ./step.ts}. */
import type { AgentTraits, ClusterConfig } from "../config.ts";
import type { Incarnation, Millis, NodeId } from "../ids.ts";
import type { DeviceRecord } from "./record.ts";
import type { Look, Machine, ReadinessReport, ReportEntry, Watched } from "./types.ts";

/** What another member said of one device, and when that came. */
export interface Told {
  readonly entry: ReportEntry;
  readonly at: Millis;
}

export interface Alarm {
  /** Equal for what is the same thing going on, whatever the words. */
  readonly id: string;
  readonly level: "error" | "warn";
  /** Stable: `device-failing`, `device-of-another`, `device-unknown`, `device-contradicts`, `password-old`, `unfenceable`. */
  readonly code: string;
  readonly node: NodeId;
  /** The device that it is about; absent: all of the node's. */
  readonly key?: string;
  readonly text: string;
  /** Said when it is gone. */
  readonly goneText: string;
}

export interface ReadinessState {
  readonly self: NodeId;
  readonly config: ClusterConfig;
  readonly traits: readonly AgentTraits[];
  /** Members of the fence domain, this node among them or not: they share the looking. Sorted. */
  readonly members: readonly NodeId[];
  /** Runs of daemons that speak in the present view. */
  readonly speaking: ReadonlyMap<NodeId, Incarnation>;
  /** Nodes that are being fenced: their devices are left alone. */
  readonly busy: readonly NodeId[];
  /** From when the slots are counted: the last view. */
  readonly origin: Millis;
  /** By {@link ./types.ts} watchedKey. In the order of the configuration. */
  readonly records: ReadonlyMap<string, DeviceRecord>;
  /** What the nodes say of themselves; kept of those that are gone. */
  readonly machines: ReadonlyMap<NodeId, Machine>;
  /** Of the other members, by member and watchedKey. */
  readonly told: ReadonlyMap<NodeId, ReadonlyMap<string, Told>>;
  /** When a report of a node came last, and from which run of its daemon. */
  readonly heard: ReadonlyMap<NodeId, { readonly at: Millis; readonly incarnation: Incarnation }>;
  readonly alarms: readonly Alarm[];
  readonly tellAt: Millis;
  readonly nextLook: number;
}

/** What the fence domain is now, as far as it matters here. */
export interface Situation {
  readonly config: ClusterConfig;
  readonly traits: readonly AgentTraits[];
  readonly members: readonly NodeId[];
  readonly speaking: ReadonlyMap<NodeId, Incarnation>;
  readonly busy: readonly NodeId[];
  /** Identity of the view: another one begins the slots anew. */
  readonly ring: string;
}

export type ReadinessInput =
  | { readonly type: "situation"; readonly situation: Situation; readonly isNewView: boolean }
  | { readonly type: "machine"; readonly machine: Machine }
  | { readonly type: "looked"; readonly key: string; readonly number: number; readonly look: Look }
  | { readonly type: "report"; readonly from: NodeId; readonly report: ReadinessReport }
  | { readonly type: "tick" };

export type ReadinessEffect =
  /** Ask for `status`. Answered by exactly one `looked` with this number. */
  | {
      readonly type: "look";
      readonly key: string;
      readonly number: number;
      readonly watched: Watched;
      readonly identity: "full" | "brief";
      readonly budgetMs: Millis;
    }
  | { readonly type: "tell"; readonly report: ReadinessReport }
  | {
      readonly type: "say";
      readonly level: "error" | "warn" | "info";
      readonly code: string;
      readonly node: NodeId;
      readonly text: string;
    };

export interface ReadinessTransition {
  readonly state: ReadinessState;
  readonly effects: readonly ReadinessEffect[];
}
