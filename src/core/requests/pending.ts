/** Requests of people and programs that wait for something to be delivered or to be done. */
import type { DeviceUse } from "../config.ts";
import type { DeviceCheck } from "../effects.ts";
import type { Incarnation, NodeId } from "../ids.ts";
import type { ConfigRequest } from "../inputs.ts";
import type { FenceStep } from "../ledger.ts";

/** About the configuration; `asked`: it was delivered. */
export interface PendingConfig {
  readonly type: "config";
  readonly id: string;
  readonly request: ConfigRequest;
  readonly asked: boolean;
}

export type PendingRequest =
  | PendingConfig
  | { readonly type: "join" | "leave"; readonly id: string }
  | {
      readonly type: "fence";
      readonly id: string;
      readonly node: NodeId;
      readonly by: string;
      /** The node's run at the time of the request. */
      readonly incarnation?: Incarnation;
      /** Our wish was delivered, in whatever ring. */
      readonly asked: boolean;
      /** What was done for it so far. */
      readonly steps: readonly FenceStep[];
    }
  | {
      readonly type: "ack";
      readonly id: string;
      readonly node: NodeId;
      readonly by: string;
      readonly statement: string;
      readonly insists: boolean;
      /** The victim's run at the time of the request. */
      readonly incarnation?: Incarnation;
    }
  | {
      readonly type: "unfence";
      readonly id: string;
      readonly node: NodeId;
      readonly opId: number;
      /** The configuration that it began with. */
      readonly config: string;
      readonly uses: readonly DeviceUse[];
      readonly device: number;
      readonly failed: boolean;
      readonly steps: readonly FenceStep[];
    }
  | {
      readonly type: "check";
      readonly id: string;
      readonly node: NodeId;
      /** Device checks by the operation that answers them. */
      readonly waiting: ReadonlyMap<number, Omit<DeviceCheck, "power" | "ok" | "detail" | "tookMs">>;
      readonly done: readonly DeviceCheck[];
    };
