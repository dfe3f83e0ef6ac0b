/**
 * Why storage is held: each cause with what ends it and what a person may do, at which risk. Every
 * `endsWhen` names a condition whose change really ends the cause (I8).
 */
import { isClean, usesOf } from "../domain/hello.ts";
import { ANSWER_TIMEOUT_MS, awaited, MASTER_SILENT_MS, SNAPSHOT_TIMEOUT_MS } from "../domain/silence.ts";
import { knowsNothing } from "../domain/startup.ts";
import { anySuffices, suffices } from "../fencing/evidence.ts";
import { whyForEver } from "../fencing/hold.ts";
import { DEPARTURE_MS } from "../fencing/master.ts";
import { type NodeId, processKey } from "../ids.ts";
import type { Victim } from "../ledger.ts";
import type { State } from "../state.ts";
import { byNode, isPresent, name, names, nodeOfKey, speakers } from "../turn.ts";
import type { Cause } from "./types.ts";
import { volumesOf } from "./volumes.ts";

const ACK_RISK =
  "if the node is still running, both it and the others write to the storage, and its data is destroyed; look at the machine first";

function ack(who: string): Cause["actions"][number] {
  return { command: `fence_ack_manual ${who}`, risk: ACK_RISK };
}

function victimCause(state: State, victim: Victim): Cause {
  const who = name(state, victim.node);
  const methods = state.config.nodes.find((node) => node.id === victim.node)?.methods ?? [];
  const base = {
    code: "victim",
    node: who,
    reason: `${who} is lost (${victim.cause}) and may still be writing; nothing it held may be touched until it is proven off${volumesOf(state, victim.node)}`,
  };
  const retry = {
    command: `bouncer fence ${who}`,
    risk: "none beyond the fencing itself: it is tried again at once",
  };
  const forEver = whyForEver(state, victim);
  if (state.ledger.members.every(({ node }) => node === victim.node)) {
    const more = methods.length === 0 ? `, and no fence method is configured for ${who}` : "";
    return {
      ...base,
      step: `waiting: no member is left that could fence it${more}`,
      endsWhen: `another node is a member again; ${forEver ?? "it is then fenced"}, or a person confirms that it is off`,
      actions: [ack(who)],
    };
  }
  if (methods.length === 0) {
    return {
      ...base,
      step: `stuck: no fence method is configured for ${who}`,
      endsWhen: `${who} comes back clean, or you switch it off and say so, or a fence method is added to cluster.conf`,
      actions: [ack(who)],
    };
  }
  if (victim.stage === "fencing") {
    return {
      ...base,
      step: `attempt ${victim.attempts} by ${victim.executor === undefined ? "?" : name(state, victim.executor)}: ${victim.doing ?? "running"}`,
      endsWhen: `the device reads ${who} off, or ${who} comes back clean`,
      // Once an attempt failed, a person may be faster, or the only one who can.
      actions: victim.attempts > 1 ? [ack(who)] : [],
    };
  }
  if (anySuffices(victim.evidence, state.config.fenceDaemon.evidence)) {
    return {
      ...base,
      step: `${victim.reason}, but its daemon is still in the group`,
      endsWhen: `its daemon is gone from the group; after ${DEPARTURE_MS / 1_000} s the reading counts as wrong, and it is tried again later`,
      actions: [ack(who)],
    };
  }
  if (state.ring?.quorate !== true) {
    return {
      ...base,
      step: "waiting for a quorum: without one nobody is fenced",
      endsWhen: `enough nodes are back for a quorum; ${forEver ?? "fencing then begins by itself"}`,
      actions: [ack(who)],
    };
  }
  const returns = suffices("C", state.config.fenceDaemon.evidence) ? `, ${who} comes back clean` : "";
  const last = victim.steps.at(-1);
  const failed =
    last === undefined ? victim.reason : `${victim.reason} (last asked by ${name(state, last.executor)})`;
  return victim.stage === "stuck"
    ? {
        ...base,
        step: `stuck after ${victim.rounds} round${victim.rounds === 1 ? "" : "s"}: ${failed}`,
        endsWhen: `a device of ${who} reads off in a later round${returns}, or a person confirms that it is off`,
        actions: [retry, ack(who)],
      }
    : {
        ...base,
        step: `waiting: ${victim.reason}`,
        endsWhen: `${who} is fenced${returns === "" ? "" : ", or comes back clean before"}`,
        // What failed before may fail again, and some wait for a person only: whoever sees it off may say so.
        actions: victim.attempts > 0 || forEver !== undefined ? [retry, ack(who)] : [retry],
      };
}

function syncCause(state: State): Cause | undefined {
  const ring = state.ring;
  if (ring === undefined || (ring.phase === "synced" && ring.askedAt === undefined)) return undefined;
  const who = names(state, awaited(ring).map(nodeOfKey));
  const cause = {
    code: "messages",
    reason: "after a change of members everybody compares notes before anything is decided",
    actions: [],
  };
  if (ring.phase === "hellos") {
    const endsWhen = "everybody has spoken; the silent are left out after 5 s";
    return { ...cause, step: `waiting for a hello of ${who}`, endsWhen };
  }
  if (ring.phase === "snapshot") {
    const endsWhen = `it is here, or ${who} is left out after ${SNAPSHOT_TIMEOUT_MS / 1_000} s`;
    return { ...cause, step: `waiting for the base ledger, which ${who} sends`, endsWhen };
  }
  return {
    ...cause,
    step: `waiting for a word of ${who}`,
    reason: `${who} decides in this ring, was silent for ${MASTER_SILENT_MS / 1_000} s and was asked whether it is there`,
    endsWhen: `it answers, or it is left out after ${ANSWER_TIMEOUT_MS / 1_000} s and another goes on`,
  };
}

function quorumCause(state: State): Cause | undefined {
  if (state.quorum?.quorate !== false && (state.ring?.phase !== "synced" || state.ring.quorate))
    return undefined;
  if (state.engineLost !== undefined) return undefined;
  const here = state.ring === undefined ? [] : [...new Set(state.ring.members.map((p) => p.nodeId))];
  return {
    code: "no-quorum",
    step: `only ${here.length === 0 ? "this node" : names(state, here)} can be heard`,
    reason: "a minority must not write: the others may have gone on",
    endsWhen: "enough nodes are back for a quorum",
    actions: [
      {
        command: "corosync-quorumtool -e 1",
        risk: "if the missing nodes are running on their own, both sides write and the data is destroyed; switch them off first",
      },
    ],
  };
}

/** Votequorum counts nodes, an epoch counts disks: a node whose daemon is not there has a vote and no disk. */
function tooFewDisks(
  state: State,
  n: number,
  waiting: readonly NodeId[],
): Pick<Cause, "step" | "endsWhen" | "actions"> {
  const here = state.ring === undefined ? [] : speakers(state.ring).map((p) => p.nodeId);
  const silent = state.config.nodes.filter((node) => !here.includes(node.id)).map((node) => node.name);
  const late = names(state, waiting);
  const so = late === "" ? "on the disks of all daemons here" : `not yet on the disks of ${late}`;
  const more = late === "" ? "" : `, and the disks of ${late} answer`;
  return {
    step: `epoch ${n} is ${so}, and all disks here are too few: no daemon is heard on ${silent.join(", ")}`,
    endsWhen: `bouncerd runs on enough of ${silent.join(", ")}${more}`,
    actions: silent.map((who) => ({ command: `systemctl start bouncerd   # on ${who}`, risk: "none" })),
  };
}

function firstStartCause(state: State): Cause {
  const absent = state.config.nodes.filter(({ id }) => !isPresent(state, id)).map((node) => node.name);
  return {
    code: "first-start",
    step: `no disk here knows what was before, and ${absent.join(", ")} cannot be asked`,
    reason:
      "a quorum without most of the disks remembers neither who may be writing nor which configuration counts",
    endsWhen: `enough of ${absent.join(", ")} are back, or cluster.conf here does not name them any more`,
    actions: [],
  };
}

function epochCause(state: State): Cause | undefined {
  const { ring, ledger } = state;
  if (byNode(ledger.members, state.nodeId) === undefined) return undefined; // It waits for no epoch yet.
  if (ring?.phase !== "synced" || ledger.victims.length > 0 || ledger.suspects.length > 0 || !ring.quorate)
    return undefined;
  if (knowsNothing(state)) return firstStartCause(state);
  const { proposal } = ring;
  const cause = {
    code: "epoch",
    reason: "a change of members counts only once a quorum of disks remembers it",
  };
  if (proposal === undefined) {
    const endsWhen = "it is on enough disks, which takes a moment";
    return { ...cause, step: "the next epoch is about to be proposed", endsWhen, actions: [] };
  }
  const waiting = speakers(ring).filter((p) => !proposal.persistedBy.has(p.nodeId));
  const whose = waiting.map((p) => p.nodeId);
  const late = waiting.map((p) => ring.hellos.get(processKey(p))?.votes ?? 0);
  const votes = [...proposal.persistedBy.values(), ...late].reduce((sum, one) => sum + one, 0);
  if (votes < proposal.quorumVotes) return { ...cause, ...tooFewDisks(state, proposal.epoch.n, whose) };
  return {
    ...cause,
    step: `epoch ${proposal.epoch.n} is not yet on the disks of ${names(state, whose)}`,
    endsWhen: "enough of these disks answer",
    actions: [{ command: "journalctl -u bouncerd -n 50", risk: "none: it only shows what the disk says" }],
  };
}

function outsideCause(state: State): Cause | undefined {
  const who = name(state, state.nodeId);
  const waits = isClean(state) && byNode(state.ledger.victims, state.nodeId) !== undefined;
  if (state.outside?.role === "unproven" || (state.outside !== undefined && waits)) {
    return {
      code: "unproven",
      node: who,
      step: "clean, and waiting for the proof of its last failure",
      reason: state.outside.why,
      endsWhen: `a device reads ${who} off, or a person switches it off and says so`,
      actions: [ack(who)],
    };
  }
  if (state.outside !== undefined && !isClean(state)) {
    const stray = state.outside.role === "stray";
    return {
      code: stray ? "expelled" : "refused",
      node: who,
      step: `in use here: ${usesOf(state)?.join("; ") ?? "not known yet"}`,
      reason: state.outside.why,
      endsWhen: `nothing on ${who} uses the storage any more, or ${who} was restarted`,
      actions: [
        {
          command: "systemctl reboot",
          risk: "whatever runs on this node ends; its writes were already given up by the cluster",
        },
      ],
    };
  }
  if (byNode(state.ledger.members, state.nodeId) !== undefined) return undefined;
  const asked = state.wants === "join";
  if (!isClean(state)) {
    const use = usesOf(state)?.join(", ") ?? "not known yet";
    return {
      code: "not-joined",
      node: who,
      step: `it is not in the fence domain, and what this host uses is ${use}`,
      reason: "whoever uses the storage already cannot join: nobody knows what it has written",
      endsWhen: asked
        ? `${who} uses nothing any more; it then joins by itself`
        : `${who} uses nothing any more and joins`,
      actions: asked
        ? []
        : [{ command: "fence_tool join", risk: "none: it is refused while the storage is in use" }],
    };
  }
  return {
    code: "not-joined",
    node: who,
    step: asked ? "admission is asked for" : "nobody asked for it to join",
    reason: "only members of the fence domain may touch the storage: others would not be missed",
    endsWhen: asked ? "the members admit it" : `${who} joins the fence domain`,
    actions: asked
      ? []
      : [{ command: "fence_tool join", risk: "none: from then on it is fenced when it falls silent" }],
  };
}

function engineCause(state: State): Cause | undefined {
  if (state.engineLost === undefined && state.ring !== undefined) return undefined;
  return {
    code: "engine-lost",
    step: state.engineLost ?? "the first view of the group is awaited",
    reason: "without the group nobody knows who else is writing",
    endsWhen: "Corosync answers again and the members have compared notes",
    actions: [
      {
        command: "systemctl start corosync",
        risk: "none for the storage; the others may have fenced this node by then",
      },
    ],
  };
}

function suspectCauses(state: State): readonly Cause[] {
  const graceMs = state.config.fenceDaemon.daemonRestartGraceMs;
  return state.ledger.suspects.map(({ node }) => ({
    code: "suspect",
    node: name(state, node),
    step: `its daemon has ${graceMs / 1000} s to come back`,
    reason: `the daemon of ${name(state, node)} died; without it nobody on that node holds storage back`,
    endsWhen: "the daemon is back, or the node is fenced after its grace",
    actions: [{ command: `systemctl start bouncerd   # on ${name(state, node)}`, risk: "none" }],
  }));
}

/** Empty exactly when the gate is open. Shape: what must end first comes first. */
export function whyHeld(state: State): readonly Cause[] {
  if (state.gate.open) return [];
  const causes = [
    engineCause(state),
    outsideCause(state),
    quorumCause(state),
    ...state.ledger.victims.map((victim) => victimCause(state, victim)),
    ...suspectCauses(state),
    syncCause(state),
    epochCause(state),
  ].filter((cause) => cause !== undefined);
  return causes;
}
