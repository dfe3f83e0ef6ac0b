/** `<fence_daemon>`: how long the domain waits, and what it accepts as proof. */
import type { FenceDaemonConfig } from "../../core/config.ts";
import type { Millis } from "../../core/ids.ts";
import type { Changes, Weight } from "./change.ts";

const WAITS = { type: "waits" } as const;

/** Grades from strong to weak. */
const GRADES = "ABCD";

export function diffWaits(before: FenceDaemonConfig, after: FenceDaemonConfig, changes: Changes): void {
  const wait = (of: keyof FenceDaemonConfig & `${string}Ms`, name: string, when: string): void => {
    const [was, now] = [before[of], after[of]];
    if (was === now) return;
    const text = `${name} is ${shown(now)}, it was ${shown(was)}`;
    changes.add(
      WAITS,
      now < 0 ? "watch" : "plain",
      text,
      now < 0 ? "until the node is back or a person acts" : when,
    );
  };
  wait("postFailDelayMs", "post_fail_delay", "a lost node is fenced after that");
  wait("postJoinDelayMs", "post_join_delay", "so long absent nodes may take to come at the start");
  wait("overrideTimeMs", "override_time", "the pause after a full round of failures");
  wait("daemonRestartGraceMs", "daemon_restart_grace", "so long a daemon that died may take to come back");
  if (before.evidence !== after.evidence) {
    const weaker = GRADES.indexOf(after.evidence) > GRADES.indexOf(before.evidence);
    const text = `evidence ${after.evidence} is enough, it was ${before.evidence}`;
    changes.add(WAITS, weaker ? "watch" : "better", text, weaker ? "weaker proof thaws storage" : undefined);
  }
  flip(
    before.cleanStart,
    after.cleanStart,
    "clean_start",
    "absent nodes are believed to be off at the start",
  );
  flip(
    before.skipUndefined,
    after.skipUndefined,
    "skip_undefined",
    "nodes without a method are no victims at the start",
  );

  function flip(was: boolean, now: boolean, name: string, on: string): void {
    if (was === now) return;
    const weight: Weight = now ? "watch" : "better";
    changes.add(WAITS, weight, `${name} is ${now ? "on" : "off"}`, now ? on : undefined);
  }
}

function shown(ms: Millis): string {
  return ms < 0 ? "for ever" : `${ms / 1_000} s`;
}
