/** The words of fence-agents, which scripts and people know. Source: fencing.py, fail(). */
import type { AgentProblem, Phase } from "./agent.ts";

export const TEXT = {
  loginDenied: "Unable to connect/login to fencing device",
  connectionLost: "Connection lost",
  timedOut: "Connection timed out",
  waitingOn: "Failed: Timed out waiting to power ON",
  waitingOff: "Failed: Timed out waiting to power OFF",
  status: "Failed: Unable to obtain correct plug status or plug is not available",
  privileges: "Failed: The user does not have the correct privileges to do the requested action.",
  usage: "Please use '-h' for usage",
  noList: "NOTICE: List option is not working on this device yet",
  noPlugs: "N/A",
  onFailed: "Timed out waiting to power ON",
} as const;

export function failureText({ kind }: AgentProblem, phase: Phase): string {
  switch (kind) {
    case "timeout":
    case "cancelled":
      return phase === "on" ? TEXT.waitingOn : phase === "off" ? TEXT.waitingOff : TEXT.timedOut;
    case "lost":
      return TEXT.connectionLost;
    case "privilege":
      return TEXT.privileges;
    case "address":
    case "unreachable":
    case "credentials":
    case "sessions-full":
    case "certificate":
      return TEXT.loginDenied;
    case "usage":
    case "missing":
    case "refused":
    case "unsupported":
    case "protocol":
    case "not-reached":
      if (phase === "on") return TEXT.waitingOn;
      if (phase === "off") return TEXT.waitingOff;
      return phase === "cycle" ? TEXT.timedOut : TEXT.status;
    default:
      return kind satisfies never;
  }
}
