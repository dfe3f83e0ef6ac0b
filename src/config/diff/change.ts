/** What changed between two configurations, as data with a sentence each. */
import type { NodeName } from "../../core/ids.ts";

/** What the change is about; the order of the kinds is the order in which they are told. */
export type Subject =
  | { readonly type: "cluster" }
  | { readonly type: "node"; readonly node: NodeName }
  | { readonly type: "device"; readonly device: string }
  | { readonly type: "waits" }
  | { readonly type: "other" };

/**
 * What it means for the safety of storage. `frozen`: cannot be changed while the cluster runs.
 * `watch`: somebody should know that before it is in force.
 */
export type Weight = "frozen" | "watch" | "better" | "plain";

export interface Change {
  readonly subject: Subject;
  readonly weight: Weight;
  /** One sentence without a full stop. Never the value of a parameter that could be a secret. */
  readonly text: string;
  /** What comes of it, where that is not in the text. */
  readonly effect?: string;
}

export interface Changes {
  add(subject: Subject, weight: Weight, text: string, effect?: string): void;
  all(): readonly Change[];
}

export function createChanges(): Changes {
  const found: Change[] = [];
  return {
    add: (subject, weight, text, effect) =>
      void found.push({ subject, weight, text, ...(effect === undefined ? {} : { effect }) }),
    all: () => found,
  };
}
