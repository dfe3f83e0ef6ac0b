/** The one sentence, as data: what is the state of my storage, and how bad is that? Pure. */
import type { StatusView, VictimView } from "../../../src/core/view/types.ts";

/** `held` is protection and therefore no alarm; `bad` needs a person. */
export type Tone = "good" | "warn" | "held" | "bad" | "unknown";

export type Verdict =
  | { readonly type: "unknown"; readonly tone: "unknown" }
  | {
      readonly type: "open";
      readonly tone: "good" | "warn";
      readonly total: number;
      readonly unready: readonly string[];
    }
  | {
      readonly type: "victim";
      readonly tone: "held" | "bad";
      readonly victim: VictimView;
      /** Further victims. */
      readonly more: number;
      readonly since: number;
    }
  | {
      readonly type: "cause";
      readonly tone: "held" | "bad";
      readonly code: string;
      readonly node?: string;
      readonly since: number;
    };

/** What a person has to do something about, beside a victim that is stuck. */
const NEEDS_A_PERSON = new Set([
  "no-quorum",
  "first-start",
  "expelled",
  "engine-lost",
  "refused",
  "unproven",
]);

export function verdictOf(status: StatusView | undefined): Verdict {
  if (status === undefined) return { type: "unknown", tone: "unknown" };
  const since = status.gateSince;
  if (status.gate === "open") {
    const unready = status.nodes.filter((node) => node.methods.length === 0).map((node) => node.name);
    const failing = status.readiness?.failing ?? 0;
    const worries = unready.length > 0 || status.warnings.length > 0 || failing > 0;
    return { type: "open", tone: worries ? "warn" : "good", total: status.nodes.length, unready };
  }
  const code = status.why.find((cause) => NEEDS_A_PERSON.has(cause.code))?.code;
  if (code !== undefined) return { type: "cause", tone: "bad", code, since };
  const victim = status.victims.find(({ stage }) => stage === "stuck") ?? status.victims[0];
  if (victim !== undefined) {
    const tone = victim.stage === "stuck" ? "bad" : "held";
    return { type: "victim", tone, victim, more: status.victims.length - 1, since };
  }
  const first = status.why[0];
  return {
    type: "cause",
    tone: "held",
    code: first?.code ?? "other",
    since,
    ...(first?.node === undefined ? {} : { node: first.node }),
  };
}
