/**
 * Activation: all members or none. A wish is delivered, the master proposes an epoch with the same members
 * that carries the configuration, and its establishment is the instant at which everybody has it. The gate
 * is neither opened nor shut by it. Source: docs/protocol-config.md.
 */
import { nodeNameOf } from "../config.ts";
import type { Millis, NodeId, WallMillis } from "../ids.ts";
import type { Body } from "../messages.ts";
import type { State, Turn } from "../state.ts";
import { byNode, emit, log, names } from "../turn.ts";
import { noteThin, whyThin } from "./disks.ts";
import { updateConfigs, updateDesk } from "./keep.ts";
import { type ConfigRefusal, describeStaged } from "./stage.ts";
import { CONFIGS_KEPT, type ConfigStamp, sameStamp } from "./stamp.ts";

type Activate = Extract<Body, { type: "activate" }>;

/** Whoever is being fenced right now; empty: nobody. */
export function beingFenced(state: State): readonly NodeId[] {
  const victims = state.ledger.victims.filter((victim) => victim.stage === "fencing");
  const shots = state.ledger.shots.filter((shot) => shot.active);
  return [...victims, ...shots].map((one) => one.node);
}

/** Why this cannot be activated now; judged before it is sent and again, by everybody, at its delivery. */
export function whyNotActivate(state: State, asked: Pick<Activate, "digest">): ConfigRefusal | undefined {
  const { ledger, ring } = state;
  const { staged, wish, carried } = ledger.configs;
  if (ring?.phase !== "synced" || !ledger.established) {
    return { error: "DOM_NOT_SYNCED", detail: "the members are still comparing notes" };
  }
  if (!ring.quorate) return { error: "DOM_NOT_QUORATE", detail: "without a quorum nothing can be activated" };
  if (wish !== undefined || carried !== undefined) {
    const { version, by } = (wish ?? carried) as ConfigStamp;
    return { error: "CFG_BUSY", detail: `version ${version} is being activated already (${by})` };
  }
  const inForce = ledger.epoch.config;
  if (inForce.digest === asked.digest || staged?.digest !== asked.digest) {
    const detail =
      staged === undefined
        ? `nothing is staged; version ${inForce.version}${inForce.by === "" ? "" : `, activated by ${inForce.by},`} is in force`
        : `what is staged now is another configuration: ${describeStaged(staged)}`;
    return { error: staged === undefined ? "CFG_NOT_STAGED" : "CFG_CONFLICT", detail };
  }
  if (inForce.confirm !== undefined) {
    const detail = `version ${inForce.version}, activated by ${inForce.by}, was not confirmed yet`;
    return { error: "CFG_UNCONFIRMED", detail };
  }
  return whyNotAgreed(state) ?? whyNotFenced(state);
}

function whyNotAgreed(state: State): ConfigRefusal | undefined {
  const { members, configs } = state.ledger;
  const reports = configs.staged?.reports ?? [];
  const refusing = reports.find((report) => !report.ok && byNode(members, report.node) !== undefined);
  if (refusing !== undefined) {
    const who = nodeNameOf(state.config, refusing.node);
    return { error: "CFG_REJECTED", detail: `${who} refuses it: ${refusing.problems.join("; ")}` };
  }
  const silent = members.filter((member) => byNode(reports, member.node) === undefined);
  if (silent.length === 0) return undefined;
  const who = names(
    state,
    silent.map((member) => member.node),
  );
  return { error: "CFG_UNWEIGHED", detail: `not every member has looked at it yet: ${who}` };
}

function whyNotFenced(state: State): ConfigRefusal | undefined {
  const fenced = beingFenced(state);
  if (fenced.length === 0) return undefined;
  return { error: "CFG_BUSY", detail: `${names(state, fenced)} is being fenced in this very moment` };
}

/** Decides nothing by itself: the master proposes what is wished for. */
export function onActivate(turn: Turn, body: Activate): ConfigRefusal | undefined {
  const refusal = whyNotActivate(turn.state, body);
  if (refusal !== undefined) return refusal;
  const { ledger } = turn.state;
  const { version, digest } = ledger.epoch.config;
  const confirm =
    body.withinMs === undefined
      ? {}
      : { confirm: { withinMs: body.withinMs, until: body.wall + body.withinMs, back: { version, digest } } };
  const wish: ConfigStamp = {
    version: ledger.configs.staged?.version ?? 0,
    digest: body.digest,
    by: body.by,
    at: body.wall,
    comment: body.comment,
    ...confirm,
  };
  updateConfigs(turn, { wish });
  log(turn, "info", "config-wish", `${body.by} asks for version ${wish.version} of the configuration`);
  return undefined;
}

export function whyNotConfirm(state: State): ConfigRefusal | undefined {
  const { epoch, configs } = state.ledger;
  if (epoch.config.confirm === undefined) {
    return { error: "CFG_NOT_STAGED", detail: `version ${epoch.config.version} waits for no confirmation` };
  }
  if (configs.wish !== undefined || configs.carried !== undefined) {
    return { error: "CFG_BUSY", detail: "it is going back already" };
  }
  return undefined;
}

/** A confirmation must outlive the ring as well: it takes effect with an epoch. */
export function onConfirm(turn: Turn, body: Extract<Body, { type: "confirm" }>): ConfigRefusal | undefined {
  const { config } = turn.state.ledger.epoch;
  if (config.digest !== body.digest) return { error: "CFG_CONFLICT", detail: "another version is in force" };
  const refusal = whyNotConfirm(turn.state);
  if (refusal !== undefined) return refusal;
  const { confirm: _confirmed, ...wish } = config;
  updateConfigs(turn, { wish });
  log(turn, "info", "config-confirmed", `${body.by} confirms version ${config.version} of the configuration`);
  return undefined;
}

/** Only the master goes back, and only from what was to be confirmed. */
export function onRevert(turn: Turn, body: Extract<Body, { type: "revert" }>): void {
  const { epoch, configs } = turn.state.ledger;
  if (epoch.config.confirm?.back.digest !== body.back || configs.wish !== undefined) return;
  const { config: wish } = body;
  updateConfigs(turn, { wish, lastVersion: Math.max(configs.lastVersion, wish.version) });
  log(
    turn,
    "warn",
    "config-revert",
    `version ${epoch.config.version} was not confirmed in time: ${wish.comment}`,
  );
}

/**
 * At an establishment by disks of so many votes: remember it, forget what it answers, and start the clock of
 * a confirmation.
 */
export function settleConfig(turn: Turn, before: ConfigStamp, votes: number): void {
  noteThin(turn, before, votes);
  const { ledger } = turn.state;
  const { epoch, configs } = ledger;
  const stamp = epoch.config;
  const { wish, carried, staged, ...rest } = configs;
  const answered = (one: ConfigStamp | undefined): boolean =>
    one === undefined ||
    one.version < stamp.version ||
    (one.version === stamp.version && (stamp.confirm === undefined || one.confirm !== undefined));
  const stale = staged === undefined || staged.base !== stamp.digest;
  const last = rest.activated.at(-1);
  const older = last?.digest === stamp.digest ? rest.activated.slice(0, -1) : rest.activated;
  const known = last !== undefined && sameStamp(last, stamp);
  const activated = known || stamp.digest === "" ? rest.activated : [...older, stamp].slice(-CONFIGS_KEPT);
  turn.state = {
    ...turn.state,
    ledger: {
      ...ledger,
      configs: {
        ...rest,
        activated,
        lastVersion: Math.max(rest.lastVersion, stamp.version),
        ...(answered(wish) ? {} : { wish: wish as ConfigStamp }),
        ...(answered(carried) ? {} : { carried: carried as ConfigStamp }),
        ...(stale ? {} : { staged }),
      },
    },
  };
  startConfirm(turn, stamp.confirm?.withinMs ?? 0);
  if (!known && stamp.digest !== "") emit(turn, { type: "journal-configs", configs: activated });
  if (before.digest !== stamp.digest) {
    const where = whyThin(turn.state) === undefined ? "everywhere" : "on the nodes present, on too few disks";
    log(
      turn,
      "info",
      "config-activated",
      `version ${stamp.version} of the configuration is in force ${where}${who(stamp)}`,
    );
  }
}

function who({ by, comment }: ConfigStamp): string {
  return `${by === "" ? "" : `, activated by ${by}`}${comment === "" ? "" : ` (${comment})`}`;
}

/** By this node's own clock, so that no step of a wall clock takes it away or keeps it for ever. */
function startConfirm(turn: Turn, leftMs: Millis): void {
  const { config } = turn.state.ledger.epoch;
  const { confirm, ...desk } = turn.state.desk;
  if (config.confirm === undefined) turn.state = { ...turn.state, desk };
  else if (confirm?.digest !== config.digest) {
    updateDesk(turn, { confirm: { digest: config.digest, at: turn.now.mono + leftMs } });
  }
}

/** A process that came to know of the deadline later: what is left of it, by the base's clock. */
export function resumeConfirm(turn: Turn, baseWall: WallMillis): void {
  const { confirm } = turn.state.ledger.epoch.config;
  if (confirm === undefined) startConfirm(turn, 0);
  else startConfirm(turn, Math.min(confirm.withinMs, Math.max(0, confirm.until - baseWall)));
}
