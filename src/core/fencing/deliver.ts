/** What the ledger learns of fencing, at the delivery of a message: the same on every node. */
import type { Grade } from "../config.ts";
import {
  type Incarnation,
  type NodeId,
  type ProcessRef,
  processKey,
  sameBoot,
  sameIncarnation,
} from "../ids.ts";
import type { Ledger, Shot, Victim } from "../ledger.ts";
import type { Body } from "../messages.ts";
import { onAsked, onClosed, onGivenUp, onTried } from "../requests/drive.ts";
import type { Turn } from "../state.ts";
import {
  byNode,
  forgetSent,
  isMaster,
  log,
  name,
  nodeOfKey,
  updateLedger,
  updateWatch,
  withNode,
  withoutEntry,
  withoutNode,
} from "../turn.ts";
import { afterSpeech, anySuffices, saysOff } from "./evidence.ts";
import { beginOperation, onReported } from "./executor.ts";
import { closeIncident } from "./incidents.ts";
import { watchAttempt } from "./master.ts";
import { STEPS_MAX } from "./operation.ts";
import { updateShot, updateVictim } from "./victims.ts";

type Of<T extends Body["type"]> = Extract<Body, { type: T }>;

/** Pieces of evidence kept per victim. */
const EVIDENCE_MAX = 16;
/** Characters of a piece of evidence. */
const SOURCE_CHARS_MAX = 1_000;

function fromMaster(turn: Turn, from: ProcessRef): boolean {
  return turn.state.ring?.master === processKey(from);
}

/** From here on there is no reunion: the shot may be on its way. */
export function onFenceStart(turn: Turn, from: ProcessRef, body: Of<"fence-start">): void {
  if (!fromMaster(turn, from)) return;
  const { ledger } = turn.state;
  const victim = byNode(ledger.victims, body.node);
  if (
    victim !== undefined &&
    victim.incarnation !== undefined &&
    !sameIncarnation(victim.incarnation, body.incarnation)
  ) {
    return;
  }
  const shot = byNode(ledger.shots, body.node);
  if (victim === undefined && (body.by === undefined || shot === undefined)) return; // Over in the meantime.
  const attempt = ledger.lastAttempt + 1;
  updateLedger(turn, { lastAttempt: attempt });
  const change = { attempt, executor: body.executor, doing: "starting" };
  if (victim !== undefined) {
    const hung = victim.stage === "fencing" && victim.executor !== undefined ? [victim.executor] : [];
    updateVictim(turn, body.node, {
      ...change,
      stage: "fencing",
      begun: true,
      reason: "being fenced",
      attempts: victim.attempts + 1,
      tried: [...new Set([...victim.tried, ...hung])],
      ...(body.by === undefined ? {} : { requestedBy: body.by }),
    });
  } else {
    startShot(turn, body, attempt);
  }
  log(
    turn,
    loudness(victim),
    "fence-start",
    `fencing ${name(turn.state, body.node)}: ${name(turn.state, body.executor)} begins, attempt ${attempt}`,
    body.node,
  );
  if (isMaster(turn.state)) watchAttempt(turn, body.node);
  if (body.executor === turn.state.nodeId) {
    const incarnation =
      victim === undefined ? byNode(turn.state.ledger.shots, body.node)?.incarnation : victim.incarnation;
    beginOperation(turn, body.node, incarnation, attempt);
  }
}

function startShot(turn: Turn, body: Of<"fence-start">, attempt: number): void {
  const { ledger } = turn.state;
  const known = byNode(ledger.shots, body.node);
  const run = presentRun(ledger, body.node);
  const hung = known?.active === true ? [known.executor] : [];
  const shot: Shot = {
    node: body.node,
    ...(run === undefined ? {} : { incarnation: run }),
    executor: body.executor,
    requestedBy: body.by ?? "",
    active: true,
    attempt,
    sinceAttempt: known?.sinceAttempt ?? attempt,
    attempts: (known?.attempts ?? 0) + 1,
    tried: [...new Set([...(known?.tried ?? []), ...hung])],
    doing: "starting",
    steps: known?.steps ?? [],
    evidence: [],
  };
  updateLedger(turn, { shots: withNode(ledger.shots, shot) });
}

/** The story of a victim that stays stuck is told twice, then every twentieth round. */
function loudness(victim: Victim | undefined): "info" | "debug" {
  return victim === undefined || victim.rounds < 2 || victim.rounds % 20 === 0 ? "info" : "debug";
}

export function onFenceProgress(turn: Turn, body: Of<"fence-progress">): void {
  const { ledger } = turn.state;
  const victim = byNode(ledger.victims, body.node);
  const shot = byNode(ledger.shots, body.node);
  const repeated = victim?.doing === body.doing;
  if (victim?.attempt === body.attempt) {
    updateVictim(turn, body.node, {
      doing: body.doing,
      ...(body.read === undefined ? {} : { lastRead: body.read }),
    });
  } else if (shot?.attempt === body.attempt) updateShot(turn, body.node, { doing: body.doing });
  else return;
  log(
    turn,
    repeated ? "debug" : loudness(victim),
    "fence-step",
    `fencing ${name(turn.state, body.node)}: ${body.doing}`,
    body.node,
  );
  if (isMaster(turn.state)) watchAttempt(turn, body.node);
}

/** Evidence counts for the incarnation that was shot at, and for nothing that lived before or after. */
function concerns(target: Victim | Shot, body: Of<"fence-result">): boolean {
  const same =
    target.incarnation === undefined
      ? body.incarnation === undefined
      : sameIncarnation(target.incarnation, body.incarnation);
  return same && body.attempt >= target.sinceAttempt;
}

function idle<T extends Victim | Shot>(target: T): Omit<T, "doing"> {
  const { doing: _doing, ...rest } = target;
  return rest;
}

export function onFenceResult(turn: Turn, from: ProcessRef, body: Of<"fence-result">): void {
  if (from.nodeId === turn.state.nodeId) onReported(turn, body.attempt);
  const { ledger } = turn.state;
  const victim = byNode(ledger.victims, body.node);
  const shot = byNode(ledger.shots, body.node);
  const level = body.ok ? "info" : loudness(victim) === "info" ? "warn" : "debug";
  const what = body.ok
    ? `proven off: ${body.reason}`
    : `failed from ${name(turn.state, from.nodeId)}: ${body.reason}`;
  if ((victim !== undefined && concerns(victim, body)) || (shot !== undefined && concerns(shot, body))) {
    onTried(turn, body.node, body.steps, body.ok ? "success" : undefined);
  }
  if (victim !== undefined && concerns(victim, body)) {
    log(turn, level, "fence-result", `fencing ${name(turn.state, body.node)} ${what}`, body.node);
    const current = victim.attempt === body.attempt;
    const base = current ? idle(victim) : victim;
    updateLedger(turn, {
      victims: withNode(ledger.victims, {
        ...base,
        steps: [...victim.steps, ...body.steps].slice(-STEPS_MAX),
        evidence: [...victim.evidence, ...body.evidence].slice(-EVIDENCE_MAX),
        ...(current
          ? {
              stage: "waiting" as const,
              reason: body.reason,
              tried: body.ok ? victim.tried : [...victim.tried, from.nodeId],
            }
          : {}),
      }),
    });
  } else if (shot !== undefined && concerns(shot, body)) {
    log(turn, level, "fence-result", `fencing ${name(turn.state, body.node)} ${what}`, body.node);
    onShotResult(turn, from.nodeId, shot, body);
  }
}

function onShotResult(turn: Turn, by: NodeId, shot: Shot, body: Of<"fence-result">): void {
  const { ledger } = turn.state;
  if (body.ok && presentRun(ledger, shot.node) === undefined) {
    updateLedger(turn, { shots: withoutNode(ledger.shots, shot.node) });
    return; // It was no member: there is nothing that the proof could end.
  }
  updateLedger(turn, {
    shots: withNode(ledger.shots, {
      ...idle(shot),
      active: shot.attempt === body.attempt ? false : shot.active,
      steps: [...shot.steps, ...body.steps].slice(-STEPS_MAX),
      evidence: body.ok ? body.evidence : [],
      tried: body.ok ? shot.tried : [...shot.tried, by],
    }),
  });
}

export function onShotEnd(turn: Turn, from: ProcessRef, body: Of<"shot-end">): void {
  const shot = byNode(turn.state.ledger.shots, body.node);
  if (!fromMaster(turn, from) || shot?.attempt !== body.attempt) return;
  updateLedger(turn, { shots: withoutNode(turn.state.ledger.shots, body.node) });
  onGivenUp(turn, body.node);
}

/** The master says where a victim stands. A new round may try every member again. */
export function onVictimState(turn: Turn, from: ProcessRef, body: Of<"victim-state">): void {
  const victim = byNode(turn.state.ledger.victims, body.node);
  if (!fromMaster(turn, from) || victim === undefined) return;
  // An attempt that was given up ends in `stuck`; nothing else interrupts one.
  if (victim.stage === "fencing" && body.stage === "waiting") return;
  if (victim.reason !== body.reason || victim.stage !== body.stage) {
    const quiet = loudness({ ...victim, rounds: body.rounds }) === "debug";
    const level = quiet ? "debug" : body.stage === "stuck" ? "error" : "info";
    log(
      turn,
      level,
      `victim-${body.stage}`,
      `fencing ${name(turn.state, body.node)}: ${body.reason}`,
      body.node,
    );
  }
  updateVictim(turn, body.node, {
    stage: body.stage,
    reason: body.reason,
    rounds: body.rounds,
    ...(body.isVoid === true ? { evidence: [] } : {}),
    ...(body.rounds === victim.rounds ? {} : { tried: [] }),
  });
  if (body.stage === "stuck") onGivenUp(turn, body.node);
}

export function onVictimDone(turn: Turn, from: ProcessRef, body: Of<"victim-done">): void {
  const victim = byNode(turn.state.ledger.victims, body.node);
  if (!fromMaster(turn, from) || victim === undefined) return;
  const same =
    victim.incarnation === undefined
      ? body.incarnation === undefined
      : sameIncarnation(victim.incarnation, body.incarnation);
  if (!same) return;
  if (!anySuffices(victim.evidence, ringDemand(turn))) {
    forgetSent(turn, `done ${victim.node} ${victim.sinceAttempt}`); // Its proof was refuted meanwhile.
    return;
  }
  closeIncident(turn, body.node, body);
  if (body.node === turn.state.nodeId) forgetSent(turn, "join"); // Now it may ask to come in.
  onClosed(turn, body.node, body.how);
}

/** The demand of the base: one for everybody in the ring. */
function ringDemand(turn: Turn): Grade {
  const ring = turn.state.ring;
  const base = ring?.authority[0];
  return (base === undefined ? undefined : ring?.hellos.get(base)?.evidenceDemand) ?? "A";
}

/** The run of the node that the ledger has in mind now: as a victim, as a suspect or as a member. */
export function presentRun(ledger: Ledger, node: NodeId): Incarnation | undefined {
  const victim = byNode(ledger.victims, node);
  if (victim !== undefined) return victim.incarnation;
  const suspect = byNode(ledger.suspects, node);
  if (suspect !== undefined) return suspect.incarnation;
  const member = byNode(ledger.members, node);
  return member === undefined ? undefined : { boot: member.boot, start: member.start };
}

/** Is the wish still about the run that the person meant? It may come rings later. */
function isMeant(turn: Turn, body: Of<"shoot"> | Of<"ack">): boolean {
  const now = presentRun(turn.state.ledger, body.node);
  return now === undefined ? body.incarnation === undefined : sameIncarnation(now, body.incarnation);
}

/** A person asks for a shot. A victim that is stuck is tried again at once. */
export function onShoot(turn: Turn, from: ProcessRef, body: Of<"shoot">): void {
  const { ledger } = turn.state;
  const victim = byNode(ledger.victims, body.node);
  if (from.nodeId === turn.state.nodeId) onAsked(turn, body.node);
  if (!isMeant(turn, body)) {
    onGivenUp(turn, body.node);
    return;
  }
  if (victim !== undefined) {
    if (victim.stage === "fencing") return;
    updateVictim(turn, body.node, {
      tried: [],
      begun: true,
      requestedBy: body.by,
      reason: `${body.by} asked for it`,
    });
    updateWatch(turn, { retryAt: withoutEntry(turn.state.watch.retryAt, body.node) });
    return;
  }
  if (byNode(ledger.shots, body.node)?.active === true) return;
  const run = presentRun(ledger, body.node);
  const shot: Shot = {
    node: body.node,
    ...(run === undefined ? {} : { incarnation: run }),
    executor: 0,
    requestedBy: body.by,
    active: false,
    attempt: 0,
    sinceAttempt: ledger.lastAttempt + 1,
    attempts: 0,
    tried: [],
    steps: [],
    evidence: [],
  };
  updateLedger(turn, { shots: withNode(ledger.shots, shot) });
}

export function onAck(turn: Turn, from: ProcessRef, body: Of<"ack">): void {
  const node = from.nodeId;
  const victim = byNode(turn.state.ledger.victims, body.node);
  if (victim === undefined || !isMeant(turn, body)) return;
  const speaks = [...(turn.state.ring?.hellos ?? [])].some(
    ([key, hello]) => nodeOfKey(key) === body.node && sameBoot(hello.incarnation, victim.incarnation),
  );
  if (speaks && !body.insists) return; // It came back before the word was heard.
  const source = `${body.by}: ${body.statement}`.slice(0, SOURCE_CHARS_MAX);
  const said = { grade: "H", source, at: body.wall, by: node } as const;
  updateVictim(turn, body.node, { evidence: [...victim.evidence, said].slice(-EVIDENCE_MAX) });
  log(
    turn,
    "warn",
    "ack",
    `${body.by} says that ${name(turn.state, body.node)} is off: ${body.statement}`,
    body.node,
  );
}

/**
 * Whoever speaks is not off. Proof about a boot that is heard afterwards, by whatever daemon, is void:
 * the device that was read is another node's, or it lies.
 */
export function refuteProof(turn: Turn, from: ProcessRef): void {
  const { ledger, ring } = turn.state;
  const victim = byNode(ledger.victims, from.nodeId);
  const shot = byNode(ledger.shots, from.nodeId);
  const speaker = ring?.hellos.get(processKey(from))?.incarnation;
  const proven = [victim, shot].some(
    (target) =>
      target?.evidence.some(saysOff) === true &&
      (target.incarnation === undefined || sameBoot(target.incarnation, speaker)),
  );
  if (!proven) return;
  if (victim === undefined) updateLedger(turn, { shots: withoutNode(ledger.shots, from.nodeId) });
  else updateVictim(turn, from.nodeId, { evidence: afterSpeech(victim.evidence) });
  const who = name(turn.state, from.nodeId);
  log(
    turn,
    "error",
    "evidence-refuted",
    `${who} speaks although a device said it was off: is it wired to another node?`,
    from.nodeId,
  );
}
