/** After every input: what is due now. Sends each decision once per ring. */
import { configDue, driveConfirm } from "./configuration/master.ts";
import { weighStaged } from "./configuration/stage.ts";
import { diskQuorum, epochIsDue, proposeConfig, proposeEpoch, retryDisk } from "./domain/epoch.ts";
import { askToJoin } from "./domain/membership.ts";
import { muteTheSilent } from "./domain/mute.ts";
import { lookAround } from "./domain/startup.ts";
import { driveOperations } from "./fencing/executor.ts";
import { driveFencing, isDoneSent } from "./fencing/master.ts";
import { driveLocks } from "./locks/drive.ts";
import { driveRequests } from "./requests/drive.ts";
import type { Turn } from "./state.ts";
import { byNode, firstTime, isMaster, multicast } from "./turn.ts";

export function drive(turn: Turn): void {
  muteTheSilent(turn);
  retryDisk(turn);
  if (turn.state.ring?.phase === "synced") {
    askToJoin(turn);
    askForEpoch(turn);
    weighStaged(turn);
    if (isMaster(turn.state)) driveMaster(turn);
  }
  driveOperations(turn);
  driveLocks(turn);
  driveRequests(turn);
}

function ownQuorate(turn: Turn): boolean {
  const { quorum, ring } = turn.state;
  return quorum?.quorate === true && quorum.ringId === ring?.id;
}

function driveMaster(turn: Turn): void {
  const quorate = ownQuorate(turn);
  const ring = turn.state.ring;
  const votes = turn.state.quorum === undefined ? 0 : diskQuorum(turn.state.quorum);
  if (quorate && (ring?.quorate !== true || ring.quorumVotes !== votes)) {
    if (firstTime(turn, `quorate ${votes}`)) {
      multicast(turn, { type: "quorate", wall: turn.now.wall, quorumVotes: votes });
    }
  } else if (!quorate && ring?.quorate === true && firstTime(turn, "inquorate")) {
    multicast(turn, { type: "inquorate" });
  }
  lookAround(turn);
  driveFencing(turn);
  driveConfirm(turn);
  driveEpoch(turn, quorate);
}

function driveEpoch(turn: Turn, quorate: boolean): void {
  const { ring } = turn.state;
  const standing = ring?.proposal?.purpose; // At most one is on its way: each has a number of its own.
  if (!quorate || ring?.quorate !== true || standing === "members") return;
  if (mayOpen(turn) && epochIsDue(turn)) {
    if (!firstTime(turn, "proposing")) return;
    proposeEpoch(turn);
    return;
  }
  const config = standing === undefined ? configDue(turn) : undefined;
  if (config !== undefined && firstTime(turn, "proposing")) proposeConfig(turn, config);
}

function mayOpen(turn: Turn): boolean {
  const { ledger } = turn.state;
  if (ledger.startup === "pending" || ledger.suspects.length > 0) return false;
  return ledger.victims.every((victim) => isDoneSent(turn.state, victim));
}

/** Our own gate is shut while the domain's is open: only an establishment may open it. */
function askForEpoch(turn: Turn): void {
  const { ledger, localFreeze, nodeId, ring } = turn.state;
  const member = byNode(ledger.members, nodeId);
  if (localFreeze === undefined || member === undefined || !ledger.open) return;
  if (!ownQuorate(turn) || ring?.proposal !== undefined) return;
  if (firstTime(turn, "ask-epoch")) multicast(turn, { type: "need-epoch" });
}
