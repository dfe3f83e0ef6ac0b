/**
 * Epochs: the only way to an open gate. The master proposes, disks answer, and the votes of those
 * whose disk has it make it true. Source: docs/protocol.md, "A view change" 5.
 */
import { assert } from "../assert.ts";
import { settleConfig } from "../configuration/activate.ts";
import { isAbove } from "../configuration/choose.ts";
import { configQuorum } from "../configuration/disks.ts";
import { takeConfig } from "../configuration/documents.ts";
import { holds } from "../configuration/keep.ts";
import type { ConfigStamp } from "../configuration/stamp.ts";
import { type ProcessRef, processKey } from "../ids.ts";
import type { EpochRecord } from "../ledger.ts";
import type { Body } from "../messages.ts";
import type { OwnQuorum, Turn } from "../state.ts";
import {
  byNode,
  emit,
  forgetSent,
  log,
  multicast,
  names,
  update,
  updateLedger,
  updateRing,
} from "../turn.ts";
import { ownVotes } from "./hello.ts";

type Propose = Extract<Body, { type: "propose" }>;

/** Pause before a disk that refused is asked again. Units: ms. */
const DISK_RETRY_MS = 2_000;

/** A number above every epoch that any process present may have on its disk. */
function nextNumber(turn: Turn): number {
  const hellos = [...(turn.state.ring?.hellos.values() ?? [])];
  const standing = turn.state.ring?.proposal?.epoch.n ?? 0;
  const { ledger, durable } = turn.state;
  return 1 + Math.max(ledger.epoch.n, durable.n, standing, ...hellos.map((hello) => hello.durable.n));
}

/** Votes of disks that a quorum takes: a quorum device votes, but remembers no epoch. */
export function diskQuorum(quorum: Pick<OwnQuorum, "quorumVotes" | "deviceVotes">): number {
  return Math.max(1, quorum.quorumVotes - (quorum.deviceVotes ?? 0));
}

export function proposeEpoch(turn: Turn): void {
  const { ledger, nodeId, quorum } = turn.state;
  const { config } = ledger.epoch;
  const first = config.at === 0 ? { at: turn.now.wall, comment: "the file on disk at the first start" } : {};
  const epoch: EpochRecord = {
    n: nextNumber(turn),
    members: ledger.members,
    departed: ledger.departed,
    config: ledger.configs.carried ?? { ...config, ...first },
    proposer: nodeId,
  };
  const quorumVotes = quorum === undefined ? Number.MAX_SAFE_INTEGER : diskQuorum(quorum);
  multicast(turn, { type: "propose", epoch, quorumVotes, purpose: "members" });
}

/** The same members, those that are victims now included: only the configuration is another. */
export function proposeConfig(turn: Turn, config: ConfigStamp): void {
  const { ledger, nodeId, quorum } = turn.state;
  const { members } = ledger.epoch;
  const epoch: EpochRecord = {
    n: nextNumber(turn),
    members,
    departed: ledger.departed,
    config,
    proposer: nodeId,
  };
  const disks = quorum === undefined ? Number.MAX_SAFE_INTEGER : diskQuorum(quorum);
  const quorumVotes = Math.max(disks, configQuorum(turn.state));
  multicast(turn, { type: "propose", epoch, quorumVotes, purpose: "config" });
}

/** Only the ring's master decides; a proposal of anybody else is ignored. */
export function onPropose(turn: Turn, from: ProcessRef, body: Propose): void {
  const ring = turn.state.ring;
  const { epoch, quorumVotes, purpose } = body;
  if (ring?.master !== processKey(from)) return;
  forgetSent(turn, "proposing");
  const { victims, suspects, established } = turn.state.ledger;
  const open = victims.length === 0 && suspects.length === 0;
  if (!ring.quorate || (purpose === "members" ? !open : !established)) return;
  const inForce = turn.state.ledger.epoch;
  if (established && epoch.n <= inForce.n) return;
  // It was on its way when another configuration came into force: the master proposes anew.
  if (established && isAbove(inForce.config, epoch.config)) return;
  updateRing(turn, { proposal: { epoch, purpose, quorumVotes, isAsked: false, persistedBy: new Map() } });
  persistHeld(turn);
}

/** A record without the text of its configuration would be half a record: the text is waited for. */
export function persistHeld(turn: Turn): void {
  const proposal = turn.state.ring?.proposal;
  if (proposal === undefined || proposal.isAsked) return;
  const { digest } = proposal.epoch.config;
  if (digest !== "" && !holds(turn.state, digest)) return;
  updateRing(turn, { proposal: { ...proposal, isAsked: true } });
  persist(turn, proposal.epoch);
}

/** From here on the record may be on the disk, whatever the disk answers. */
export function persist(turn: Turn, epoch: EpochRecord): void {
  const { diskProblem: _problem, ...rest } = turn.state;
  turn.state = { ...rest, durable: epoch };
  emit(turn, { type: "persist", epoch });
}

export function onDiskAnswer(turn: Turn, n: number, proposer: number): void {
  const proposal = turn.state.ring?.proposal;
  const { diskProblem: _problem, ...rest } = turn.state;
  turn.state = rest;
  if (proposal?.epoch.n !== n || proposal.epoch.proposer !== proposer) return;
  multicast(turn, { type: "persisted", n, proposer, votes: ownVotes(turn.state) });
}

export function onDiskRefused(turn: Turn, n: number, problem: string): void {
  if (turn.state.diskProblem?.text !== problem) {
    log(turn, "error", "disk", `epoch ${n} could not be written: ${problem}; the disk is asked again`);
  }
  update(turn, { diskProblem: { text: problem, retryAt: turn.now.mono + DISK_RETRY_MS } });
}

/** A disk that refused is asked again while the proposal stands. */
export function retryDisk(turn: Turn): void {
  const { diskProblem, ring, durable } = turn.state;
  if (diskProblem === undefined || turn.now.mono < diskProblem.retryAt) return;
  update(turn, { diskProblem: { ...diskProblem, retryAt: turn.now.mono + DISK_RETRY_MS } });
  const epoch = ring?.proposal?.isAsked === true ? ring.proposal.epoch : durable;
  if (epoch.n > 0) emit(turn, { type: "persist", epoch });
}

export function onPersisted(turn: Turn, from: ProcessRef, body: Extract<Body, { type: "persisted" }>): void {
  const proposal = turn.state.ring?.proposal;
  if (proposal === undefined) return;
  if (proposal.epoch.n !== body.n || proposal.epoch.proposer !== body.proposer) return;
  const persistedBy = new Map(proposal.persistedBy).set(from.nodeId, body.votes);
  updateRing(turn, { proposal: { ...proposal, persistedBy } });
  countDisks(turn);
}

/** The master said how many votes a quorum takes now: fewer may be enough for what stands. */
export function onQuorumVotes(turn: Turn, quorumVotes: number): void {
  const proposal = turn.state.ring?.proposal;
  if (proposal === undefined || proposal.quorumVotes === quorumVotes) return;
  if (proposal.purpose === "config") return; // It needs more than a quorum that may be lowered.
  updateRing(turn, { proposal: { ...proposal, quorumVotes } });
  countDisks(turn);
}

/** One disk per node counts. Acts at a delivery, so that everybody counts the same. */
function countDisks(turn: Turn): void {
  const proposal = turn.state.ring?.proposal;
  if (proposal === undefined) return;
  const votes = [...proposal.persistedBy.values()].reduce((sum, one) => sum + one, 0);
  if (votes < proposal.quorumVotes) return;
  const before = turn.state.ledger.epoch.config;
  if (proposal.purpose === "members") establish(turn, proposal.epoch);
  else establishConfig(turn, proposal.epoch);
  settleConfig(turn, before, votes);
  takeConfig(turn);
}

/** Neither opens a gate nor shuts one. */
function establishConfig(turn: Turn, epoch: EpochRecord): void {
  const { proposal: _done, ...ring } = turn.state.ring as NonNullable<Turn["state"]["ring"]>;
  update(turn, { ring });
  updateLedger(turn, { epoch });
}

function establish(turn: Turn, epoch: EpochRecord): void {
  const { ledger } = turn.state;
  assert(ledger.victims.length === 0 && ledger.suspects.length === 0, "I2", "an epoch with open victims");
  const { proposal: _done, ...ring } = turn.state.ring as NonNullable<Turn["state"]["ring"]>;
  update(turn, { ring });
  updateLedger(turn, { epoch, established: true, open: true, startup: "done" });
  log(
    turn,
    "info",
    "epoch",
    `epoch ${epoch.n} established: ${names(
      turn.state,
      epoch.members.map((m) => m.node),
    )}`,
  );
  const own = turn.state.quorum;
  forgetSent(turn, "ask-epoch");
  forgetSent(turn, "need-epoch"); // Not before: a proposal may be overtaken by a configuration.
  const mine = byNode(epoch.members, turn.state.nodeId);
  // Whoever left after the proposal must not take an epoch that it is about to lose for its own.
  const stays = byNode(ledger.members, turn.state.nodeId) !== undefined;
  if (mine !== undefined && stays && own?.ringId === ring.id && own.quorate) {
    const { localFreeze: _shut, ...rest } = turn.state;
    turn.state = rest;
  }
}

/** Does the last established epoch still describe the domain? */
export function epochIsDue(turn: Turn): boolean {
  const { ledger } = turn.state;
  if (ledger.members.length === 0) return false;
  if (!ledger.open || !ledger.established) return true;
  const same = (a: EpochRecord["members"], b: EpochRecord["members"]): boolean =>
    a.length === b.length &&
    a.every((m, i) => m.node === b[i]?.node && m.boot === b[i]?.boot && m.start === b[i]?.start);
  if (!same(ledger.members, ledger.epoch.members)) return true;
  return turn.state.watch.sent.has("need-epoch");
}
