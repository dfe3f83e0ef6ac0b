/**
 * The decisions of the core, by name: what a run of the simulator should have made happen at least
 * once. `test/sim/rules.test.ts` keeps the log codes equal to those in the core's source.
 */

/** Codes of the log lines that the core writes. */
export const LOG_CODES = [
  "ack",
  "claim-conflict",
  "averted",
  "config",
  "disk",
  "engine-lost",
  "epoch",
  "evidence-refuted",
  "expelled",
  "fence-result",
  "fence-start",
  "fence-step",
  "freeze",
  "garbage",
  "grace-over",
  "inquorate",
  "joined",
  "left",
  "locks-freed",
  "locks-lost",
  "master",
  "method-failed",
  "mute",
  "not-switched-on",
  "quorate",
  "quorum",
  "refused",
  "start",
  "suspect",
  "synced",
  "thaw",
  "unproven",
  "victim",
  "victim-done",
  "victim-stuck",
  "victim-waiting",
  "view",
] as const;

const ROLES = ["authority", "reunited", "restarted", "newcomer", "observer", "stray", "refused", "unproven"];
const HOWS = ["agent", "member", "reunited", "external", "override"];
const CAUSES = ["node-down", "process-down", "unknown since start", "returned without a restart"];
const WHYS = [
  "victim",
  "suspect",
  "no-quorum",
  "messages",
  "epoch",
  "first-start",
  "expelled",
  "not-joined",
  "engine-lost",
  "refused",
  "unproven",
];
const REPLIES = [
  "joined",
  "left",
  "already",
  "fenced",
  "unfenced",
  "acknowledged",
  "checked",
  "DOM_NOT_JOINED",
  "DOM_NOT_VICTIM",
  "DOM_IN_USE",
  "DOM_EXPELLED",
  "DOM_ACK_CONTRADICTED",
  "DOM_FENCE_SELF",
];

const LOCK_EVENTS = ["granted", "again", "released", "blocking", "lost", "busy", "deadlock", "cancelled"];

export const RULES: readonly string[] = [
  ...LOG_CODES,
  ...ROLES.map((role) => `role ${role}`),
  ...HOWS.map((how) => `done ${how}`),
  ...CAUSES.map((cause) => `cause ${cause}`),
  ...WHYS.map((code) => `why ${code}`),
  ...REPLIES.map((reply) => `reply ${reply}`),
  ...LOCK_EVENTS.map((event) => `lock ${event}`),
  "exit 75",
];

/** Rules that a hunt may never see, each with its reason. A test of the core shows each of them. */
export const EXPLAINED: Readonly<Record<string, string>> = {
  "claim-conflict":
    "it takes two nodes that were both granted one lock; every way there is a broken promise, so a world that keeps its own never gets there",
};
