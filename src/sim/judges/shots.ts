/** I4 and I5: who is shot at, by whom, and who must not be. */
import type { MethodConfig } from "../../core/config.ts";
import type { Millis, NodeId } from "../../core/ids.ts";
import type { Incident, Victim } from "../../core/ledger.ts";
import type { Body } from "../../core/messages.ts";
import type { State } from "../../core/state.ts";
import type { Inside, Judges, SimNode } from "../types.ts";
import { broken } from "./broken.ts";
import { bootNow, isMasterItself, isSameRun, itemOf, speaking, takesAlong } from "./words.ts";

/** How long the master may look at a victim that it could shoot before it does. */
const IDLE_VICTIM_MS: Millis = 10_000;
/** How long an attempt may say nothing beyond the time that its agents have. */
const SILENT_ATTEMPT_MS: Millis = 60_000;
/** Steps that a result holds at most: of more, the first ones are missing. */
const STEPS_MAX = 24;

export function createShotJudge(world: () => Inside): Partial<Judges> {
  const idleSince = new Map<string, Millis>();
  /** The methods with which an attempt began, by executor, target and attempt. */
  const begunWith = new Map<string, readonly MethodConfig[]>();
  /** The last attempt at the end of a node's incident: older ones were shots of that one. */
  const over = new Map<NodeId, number>();
  /** Incidents of nodes that became strays rightly: some side may not have heard of the end. */
  const strays = new Set<string>();
  /** Boots that some epoch on some disk has named as a member's. */
  const wereMembers = new Set<string>();

  /** Answers true once the state named by `key` has lasted longer than `ms`. */
  function lasts(seen: Set<string>, key: string, ms: Millis): boolean {
    const now = world().queue.now();
    seen.add(key);
    const since = idleSince.get(key) ?? now;
    idleSince.set(key, since);
    return now - since > ms;
  }

  function needShot(node: SimNode, core: State, victim: Victim, seen: Set<string>): void {
    const inside = world();
    const now = inside.queue.now();
    const due = core.watch.retryAt.get(victim.node) ?? core.watch.holds.get(victim.node)?.until ?? 0;
    const methods = itemOf(
      core.config.nodes.map((one) => ({ ...one, node: one.id })),
      victim.node,
    )?.methods;
    const about = `${node.id} ${core.ring?.id} ${victim.node}`;
    if (victim.stage === "fencing") {
      const budgets = (methods ?? []).flatMap((method) => method.devices.map((use) => use.budgetMs));
      const limit = 2 * Math.max(0, ...budgets) + SILENT_ATTEMPT_MS;
      const key = `${about} ${victim.attempt} ${victim.doing} ${victim.steps.length}`;
      if (lasts(seen, key, limit)) {
        broken("I4", `node ${node.id} waits for attempt ${victim.attempt} at node ${victim.node} for ever`);
      }
      return;
    }
    if (methods === undefined || methods.length === 0 || due > now) return;
    // Read off and still in the view: its departure, or its voice, decides.
    const inView = core.ring?.members.some((p) => p.nodeId === victim.node) === true;
    if (victim.evidence.length > 0 && inView) return;
    const able = core.ledger.members.some(
      (member) => member.node !== victim.node && inside.group.ringOf(node.id).includes(member.node),
    );
    if (!able || !lasts(seen, `${about} ${victim.attempts} ${victim.rounds}`, IDLE_VICTIM_MS)) return;
    broken(
      "I4",
      `node ${node.id} does not shoot at node ${victim.node} although nothing holds it: ${victim.stage}, ${victim.reason}`,
    );
  }

  function patrol(): void {
    const seen = new Set<string>();
    for (const node of world().list) {
      const { core } = node;
      if (core === undefined || node.hung || node.paused || node.power === "off") continue;
      if (!isMasterItself(node) || core.ring?.quorate !== true || core.quorum?.quorate !== true) continue;
      for (const victim of core.ledger.victims) needShot(node, core, victim, seen);
      const grace = core.config.fenceDaemon.daemonRestartGraceMs;
      for (const { node: suspect, incarnation } of core.ledger.suspects) {
        if (lasts(seen, `${node.id} ${core.ring.id} grace ${suspect} ${incarnation.start}`, grace + 15_000)) {
          broken("I7", `node ${node.id} waits for the daemon of node ${suspect} beyond its grace`);
        }
      }
    }
    for (const key of idleSince.keys()) if (!seen.has(key)) idleSince.delete(key);
  }

  /** A round is over when every member that can has tried. */
  function needAllMembers(core: State, body: Extract<Body, { type: "victim-state" }>): void {
    const victim = itemOf(core.ledger.victims, body.node);
    if (victim === undefined || body.isVoid === true || body.rounds <= victim.rounds) return;
    const speaks = speaking(core);
    const spared = core.ledger.members.find(
      ({ node }) =>
        node !== body.node && speaks.has(node) && !victim.tried.includes(node) && victim.executor !== node,
    );
    if (spared === undefined) return;
    broken("I4", `a round at node ${body.node} is over, and node ${spared.node} was never asked to shoot`);
  }

  function needAllMethods(node: SimNode, body: Extract<Body, { type: "fence-result" }>): void {
    if (body.ok || body.steps.length === 0 || body.steps.length >= STEPS_MAX) return;
    const methods = begunWith.get(`${node.id} ${node.starts} ${body.node} ${body.attempt}`) ?? [];
    const tried = new Set(body.steps.map((step) => step.methodIndex));
    const left = methods.findIndex(
      (method, index) =>
        method.devices.length > 0 && !tried.has(index) && !takesAlong(world().config, node.id, method),
    );
    if (left < 0) return;
    broken("I7", `node ${node.id} gives up on node ${body.node} without method ${methods[left]?.name}`);
  }

  /** A shot is on its way from somebody present, and its target is taken for unharmed. */
  function needNoShot(node: SimNode, incident: Incident): void {
    const present = speaking(node.core as State);
    for (const shooter of world().list) {
      if (!present.has(shooter.id) || shooter.core === undefined || shooter.id === incident.node) continue;
      const shot = shooter.core.operations.some(
        (one) =>
          one.node === incident.node &&
          one.attempt > (over.get(incident.node) ?? 0) &&
          !one.reported &&
          one.outcome === undefined &&
          isSameRun(one.incarnation, incident.incarnation),
      );
      if (!shot || shooter.core.ring?.id !== node.core?.ring?.id) continue;
      broken("I5", `node ${incident.node} is reunited while node ${shooter.id} shoots at it`);
    }
  }

  function onStep(node: SimNode, before: State): void {
    const { core } = node;
    if (core === undefined) return;
    if (core.operations !== before.operations) {
      for (const { attempt, node: target, config } of core.operations) {
        const methods = config?.nodes.find((one) => one.id === target)?.methods;
        if (methods !== undefined) begunWith.set(`${node.id} ${node.starts} ${target} ${attempt}`, methods);
      }
    }
    if (core.ledger.victims === before.ledger.victims) return;
    for (const victim of core.ledger.victims) {
      if (victim.cause !== "returned without a restart") continue;
      const target = world().nodes.get(victim.node);
      if (target === undefined || victim.incarnation?.boot !== bootNow(target)) continue;
      const incident = `${victim.node} ${victim.firstSeenAt}`;
      if (wereMembers.has(bootNow(target))) strays.add(incident);
      if (strays.has(incident)) continue; // Perhaps of an earlier boot, and open since.
      broken("I5", `node ${node.id} takes node ${victim.node}, which was never let go, for a lost member`);
    }
  }

  return {
    patrol,
    onStep,
    onSend(node, { body }) {
      const { core } = node;
      if (core === undefined) return;
      if (body.type === "victim-state" && body.stage === "stuck") needAllMembers(core, body);
      if (body.type === "fence-result") needAllMethods(node, body);
    },
    onDurable(_node, epoch) {
      for (const { boot } of epoch.members) wereMembers.add(boot);
    },
    onClosed(node, incidents) {
      for (const incident of incidents) {
        if (incident.how === "reunited") needNoShot(node, incident);
        over.set(incident.node, node.core?.ledger.lastAttempt ?? 0);
      }
    },
  };
}
