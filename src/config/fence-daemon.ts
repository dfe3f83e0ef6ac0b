/** `<fence_daemon>`: how long the fence domain waits, and what it accepts as proof. */
import { FENCE_DAEMON_DEFAULTS, type FenceDaemonConfig } from "../core/config.ts";
import type { Millis } from "../core/ids.ts";
import { WAIT_SECONDS_MAX } from "./limits.ts";
import type { Problems } from "./problem.ts";
import { booleanOf, integerOf, pathOf, placeOf, wordOf } from "./values.ts";
import type { Element } from "./xml.ts";

/** In the file: wait for ever. Kept as it is in the model. */
const FOR_EVER = -1;

/** Shorter pauses between rounds would only heat the room. Units: seconds. */
const OVERRIDE_SECONDS_MIN = 1;

/** Bounds of `check_interval`. Units: seconds. */
const CHECK_SECONDS_MIN = 5;
const CHECK_SECONDS_MAX = 3_600;

/** Settings of the old daemon that decide nothing here; tools that show them may. */
export interface LegacyFenceSettings {
  readonly overridePath?: string;
  readonly fenceCheckDelayMs?: Millis;
}

export interface FenceDaemonSettings {
  readonly fenceDaemon: FenceDaemonConfig;
  readonly legacy: LegacyFenceSettings;
}

export function readFenceDaemon(element: Element | undefined, problems: Problems): FenceDaemonSettings {
  if (element === undefined) return { fenceDaemon: FENCE_DAEMON_DEFAULTS, legacy: {} };
  const millis = (name: string, min: number): Millis | undefined => {
    const range = {
      min,
      max: WAIT_SECONDS_MAX,
      unit: min === FOR_EVER ? "seconds; -1: for ever" : "seconds",
    };
    const seconds = integerOf(element, name, range, problems);
    return seconds === undefined || seconds === FOR_EVER ? seconds : seconds * 1_000;
  };
  const defaults = FENCE_DAEMON_DEFAULTS;
  const fenceDaemon: FenceDaemonConfig = {
    postJoinDelayMs: millis("post_join_delay", FOR_EVER) ?? defaults.postJoinDelayMs,
    postFailDelayMs: millis("post_fail_delay", FOR_EVER) ?? defaults.postFailDelayMs,
    overrideTimeMs: millis("override_time", OVERRIDE_SECONDS_MIN) ?? defaults.overrideTimeMs,
    daemonRestartGraceMs: millis("daemon_restart_grace", 0) ?? defaults.daemonRestartGraceMs,
    cleanStart: booleanOf(element, "clean_start", problems) ?? defaults.cleanStart,
    skipUndefined: booleanOf(element, "skip_undefined", problems) ?? defaults.skipUndefined,
    checkIntervalMs: checkInterval(element, problems) ?? defaults.checkIntervalMs,
    evidence: wordOf(element, "evidence", ["A", "B", "C", "D"], problems) ?? defaults.evidence,
  };
  const overridePath = pathOf(element, "override_path", problems);
  const fenceCheckDelayMs = millis("fence_check_delay", 0);
  warnOfWeakSettings(element, fenceDaemon, problems);
  return {
    fenceDaemon,
    legacy: {
      ...(overridePath === undefined ? {} : { overridePath }),
      ...(fenceCheckDelayMs === undefined ? {} : { fenceCheckDelayMs }),
    },
  };
}

/** 0: never. Shorter intervals would have controllers do nothing else. */
function checkInterval(element: Element, problems: Problems): Millis | undefined {
  const range = { min: 0, max: CHECK_SECONDS_MAX, unit: `seconds; at least ${CHECK_SECONDS_MIN}; 0: never` };
  const seconds = integerOf(element, "check_interval", range, problems);
  if (seconds === undefined || seconds === 0 || seconds >= CHECK_SECONDS_MIN) {
    return seconds === undefined ? undefined : seconds * 1_000;
  }
  const what = `check_interval is "${seconds}"`;
  problems.error(
    placeOf(element, "check_interval"),
    what,
    `0, or ${CHECK_SECONDS_MIN} to ${CHECK_SECONDS_MAX}`,
  );
  return undefined;
}

function warnOfWeakSettings(element: Element, settings: FenceDaemonConfig, problems: Problems): void {
  if (settings.cleanStart) {
    const what = "clean_start is on: nodes that are absent at the start are believed to be off";
    problems.warn(
      placeOf(element, "clean_start"),
      what,
      "0, unless something else guarantees that they are off",
    );
  }
  if (settings.checkIntervalMs === 0) {
    const what = "check_interval is 0: a fence device that does not work shows when it is needed";
    problems.warn(placeOf(element, "check_interval"), what, "60, or as many seconds as suit the devices");
  }
  if (settings.evidence === "D") {
    const what = "evidence is D: an agent's word that nothing read back is enough";
    problems.warn(
      placeOf(element, "evidence"),
      what,
      "C or better; with D a node may be declared off that still writes",
    );
  }
}
