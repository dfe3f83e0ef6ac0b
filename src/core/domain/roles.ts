/**
 * What each process is to the domain: a pure table over the base ledger and one hello.
 * Source: docs/protocol.md, "A view change" 3; ADR 0011 on what differs from the first design.
 */
import { type Incarnation, type NodeId, sameBoot, sameIncarnation } from "../ids.ts";
import type { Ledger } from "../ledger.ts";
import type { Hello } from "../messages.ts";
import type { Role } from "../state.ts";
import { byNode } from "../turn.ts";

/**
 * The incarnation that the ledger still holds open for the node: a member, a suspect, or a victim
 * at which nobody has begun a shot. Nothing that it held was given to anybody else.
 */
function heldOpen(ledger: Ledger, node: NodeId): Incarnation | undefined {
  const victim = byNode(ledger.victims, node);
  // Without whoever returned without a restart the cluster has gone on already.
  const movedOn = victim?.cause === "returned without a restart";
  if (victim !== undefined) return victim.begun || movedOn ? undefined : victim.incarnation;
  return byNode(ledger.members, node) ?? byNode(ledger.suspects, node)?.incarnation;
}

/** Did the ledger's newest epoch, or its present members, know this boot of the node? */
function knownBoot(ledger: Ledger, node: NodeId, incarnation: Incarnation): boolean {
  return [byNode(ledger.epoch.members, node), byNode(ledger.victims, node)?.incarnation].some((known) =>
    sameBoot(known, incarnation),
  );
}

/**
 * Judges one process that does not belong to the authority. Order: shots that other sides have
 * begun are in the ledger already (admit.ts), so that nobody is reunited who may be shot.
 */
export function judgeProcess(
  ledger: Ledger,
  node: NodeId,
  hello: Pick<Hello, "incarnation" | "clean" | "live" | "letGo" | "expelled" | "wants">,
): Role {
  const { incarnation, clean } = hello;
  const open = heldOpen(ledger, node);
  if (hello.live && !hello.expelled && sameIncarnation(open, incarnation)) {
    // It left cleanly while it was apart, or was apart and nobody has moved.
    return hello.wants === "none" && clean ? "observer" : "reunited";
  }
  // Only its daemon was restarted, or every daemon was and its node was not.
  if (sameBoot(byNode(ledger.suspects, node)?.incarnation, incarnation)) return "restarted";
  const cold = !ledger.established && byNode(ledger.victims, node)?.begun !== true;
  if (cold && sameBoot(byNode(ledger.epoch.members, node), incarnation)) return "restarted";
  if (clean) return hello.wants === "join" ? "newcomer" : "observer";
  // What a host uses that was never let go is its own affair: it is no lost member.
  const wasLetGo = knownBoot(ledger, node, incarnation) || hello.letGo === true;
  return wasLetGo ? "stray" : "refused";
}
