/** Staging: every member gets the text, looks at it where it is, and says what it thinks of it. */
import { nodeNameOf } from "../config.ts";
import type { ErrorCode } from "../errors.ts";
import type { ProcessRef } from "../ids.ts";
import type { Input } from "../inputs.ts";
import type { Body } from "../messages.ts";
import type { State, Turn } from "../state.ts";
import { byNode, emit, firstTime, log, multicast, withNode } from "../turn.ts";
import { fixedProblems } from "./fixed.ts";
import { holds, updateConfigs } from "./keep.ts";
import { PROBLEM_CHARS_MAX, REPORT_PROBLEMS_MAX, type StagedConfig } from "./stamp.ts";

type Stage = Extract<Body, { type: "stage" }>;

export interface ConfigRefusal {
  readonly error: ErrorCode;
  readonly detail: string;
}

/** "version 4, staged by root" */
export function describeStaged(staged: StagedConfig): string {
  return `version ${staged.version}, staged by ${staged.by}`;
}

/** Why this cannot be staged now; judged before it is sent and again, by everybody, at its delivery. */
export function whyNotStage(
  state: State,
  stage: Pick<Stage, "version" | "base" | "replace">,
): ConfigRefusal | undefined {
  const { epoch, established, configs } = state.ledger;
  const { staged, wish, carried } = configs;
  const inForce = epoch.config;
  if (!established || state.ring?.phase !== "synced") {
    return {
      error: "DOM_NOT_SYNCED",
      detail: "no epoch is established yet, so no configuration can be staged",
    };
  }
  if (wish !== undefined || carried !== undefined) {
    const under = (wish ?? carried)?.version ?? 0;
    return { error: "CFG_BUSY", detail: `the activation of version ${under} is under way` };
  }
  if (stage.base !== inForce.digest) {
    const who = inForce.by === "" ? "" : ` by ${inForce.by}`;
    return {
      error: "CFG_CONFLICT",
      detail: `version ${inForce.version} was activated${who} in the meantime; what you staged does not contain it`,
    };
  }
  if (staged !== undefined && !stage.replace) {
    return {
      error: "CFG_CONFLICT",
      detail: `another configuration is staged already: ${describeStaged(staged)}`,
    };
  }
  const floor = staged?.floor ?? configs.lastVersion;
  if (stage.version <= floor) {
    const detail = `config_version ${stage.version} does not grow: version ${floor} ${floor === inForce.version ? "is in force" : "was in use already"}`;
    return { error: "CFG_STALE", detail };
  }
  return undefined;
}

export function onStage(turn: Turn, body: Stage): ConfigRefusal | undefined {
  const refusal = whyNotStage(turn.state, body);
  if (refusal !== undefined) return refusal;
  const { configs } = turn.state.ledger;
  const { version, digest, by, comment, base, wall } = body;
  const floor = configs.staged?.floor ?? configs.lastVersion;
  updateConfigs(turn, {
    staged: { version, digest, by, comment, base, floor, at: wall, reports: [] },
    lastVersion: Math.max(configs.lastVersion, version),
  });
  log(turn, "info", "config-staged", `${by} staged version ${version} of the configuration`);
  return undefined;
}

/** A member that has not said what it thinks of what is staged looks at it now. */
export function weighStaged(turn: Turn): void {
  const { ledger, nodeId, desk } = turn.state;
  const { staged } = ledger.configs;
  if (staged === undefined || byNode(ledger.members, nodeId) === undefined) return;
  if (byNode(staged.reports, nodeId) !== undefined || !holds(turn.state, staged.digest)) return;
  const reading = desk.read.get(staged.digest);
  if (reading === undefined) {
    if (firstTime(turn, `read ${staged.digest}`)) emit(turn, { type: "read-config", digest: staged.digest });
  } else if (firstTime(turn, `weigh ${staged.digest}`)) {
    if (reading.ok) emit(turn, { type: "weigh-config", digest: staged.digest });
    else say(turn, staged.digest, { ok: false, problems: [reading.problem] });
  }
}

function say(
  turn: Turn,
  digest: string,
  report: { readonly ok: boolean; readonly problems: readonly string[] },
): void {
  const problems = report.problems
    .slice(0, REPORT_PROBLEMS_MAX)
    .map((text) => text.slice(0, PROBLEM_CHARS_MAX));
  multicast(turn, { type: "weighed", digest, ok: report.ok, problems });
}

/** What the edge found, with what the core alone knows: what cannot change while the cluster runs. */
export function onConfigWeighed(turn: Turn, input: Extract<Input, { type: "config-weighed" }>): void {
  const { ledger, desk, config } = turn.state;
  const reading = desk.read.get(input.digest);
  if (ledger.configs.staged?.digest !== input.digest || reading?.ok !== true) return;
  const fixed = fixedProblems(config, reading.config, ledger);
  say(turn, input.digest, {
    ok: input.ok && fixed.length === 0,
    problems: [...fixed, ...input.problems],
  });
}

export function onWeighed(turn: Turn, from: ProcessRef, body: Extract<Body, { type: "weighed" }>): void {
  const { staged } = turn.state.ledger.configs;
  if (staged?.digest !== body.digest) return;
  const { ok, problems } = body;
  updateConfigs(turn, {
    staged: { ...staged, reports: withNode(staged.reports, { node: from.nodeId, ok, problems }) },
  });
  const who = nodeNameOf(turn.state.config, from.nodeId);
  const text = ok ? "agrees" : `refuses: ${problems[0] ?? "without a reason"}`;
  log(
    turn,
    ok ? "info" : "warn",
    "config-weighed",
    `${who} weighed version ${staged.version} and ${text}`,
    from.nodeId,
  );
}

export function onDiscard(turn: Turn, body: Extract<Body, { type: "discard" }>): void {
  const { configs } = turn.state.ledger;
  const { staged, ...rest } = configs;
  if (staged?.digest !== body.digest || configs.wish !== undefined) return;
  const { ledger } = turn.state;
  const lastVersion = Math.max(staged.floor, ledger.epoch.config.version);
  turn.state = { ...turn.state, ledger: { ...ledger, configs: { ...rest, lastVersion } } };
  log(turn, "info", "config-discarded", `${body.by} discarded the staged version ${staged.version}`);
}
