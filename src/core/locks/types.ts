/** What goes in and out of the lock manager: requests, events, and what daemons tell one another. */
import type { NodeId } from "../ids.ts";
import type { Decision } from "./decide.ts";
import type { Mode } from "./modes.ts";
import type { LockValue } from "./resource.ts";

/** Who is meant: `id` is given by this node's daemon and never used twice while its host is up. */
export type LockRequest =
  | {
      readonly type: "lock";
      readonly id: number;
      readonly lockspace: string;
      readonly name: string;
      readonly mode: Mode;
      readonly owner: string;
      readonly noQueue?: true;
      readonly persistent?: true;
      /** Not to be kept once it is given back: others must see at once that nobody uses it. */
      readonly once?: true;
    }
  | {
      readonly type: "convert";
      readonly id: number;
      readonly mode: Mode;
      readonly noQueue?: true;
      readonly value?: string;
    }
  | { readonly type: "unlock"; readonly id: number; readonly value?: string }
  /** Stops waiting: a new request is withdrawn, a conversion keeps what it holds. */
  | { readonly type: "cancel"; readonly id: number };

export type LockEvent =
  /** From now on its owner may do what the mode allows. */
  | { readonly type: "granted"; readonly id: number; readonly mode: Mode; readonly value?: LockValue }
  /** A new request is gone; a conversion keeps the mode that it held. */
  | { readonly type: "refused"; readonly id: number; readonly why: RefusedWhy }
  | { readonly type: "released"; readonly id: number }
  /** Somebody waits for `mode` and this lock is in the way. */
  | { readonly type: "blocking"; readonly id: number; readonly mode: Mode }
  /** The cluster went on without this node: whatever the owner does is not protected any more. */
  | { readonly type: "lost"; readonly id: number; readonly why: string };

export type RefusedWhy = "busy" | "deadlock" | "cancelled" | "limit" | "unknown";

/** A lock that this host holds, whatever the others remember. */
export interface LockClaim {
  readonly lockspace: string;
  readonly name: string;
  readonly id: number;
  readonly mode: Mode;
  readonly owner: string;
  readonly persistent?: true;
}

interface Named {
  readonly lockspace: string;
  readonly name: string;
  readonly id: number;
}

/** One request as it is multicast. */
export type LockOp =
  | (Named & {
      readonly type: "lock";
      readonly mode: Mode;
      readonly owner: string;
      readonly noQueue?: true;
      readonly persistent?: true;
    })
  | (Named & {
      readonly type: "convert";
      readonly mode: Mode;
      readonly noQueue?: true;
      readonly value?: string;
    })
  | (Named & { readonly type: "unlock"; readonly value?: string })
  /** Answers those who do not want to wait: the lock is in use, not only kept. */
  | (Named & { readonly type: "in-use" });

/** One decision as the master multicasts it; with a mode that keeps writers out also the value. */
export type LockWord = Decision & {
  readonly lockspace: string;
  readonly name: string;
  readonly value?: LockValue;
};

/** Of which node a lock is. */
export type LockOwner = { readonly node: NodeId; readonly id: number };
