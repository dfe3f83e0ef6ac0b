/** What the numbers mean that a device refuses with, for people. Source: IPMI 2.0, tables 5-2 and 13-15. */
import type { AgentProblem, ProblemKind } from "../frame/agent.ts";

const RMCP_PLUS: Readonly<Record<number, readonly [ProblemKind, string]>> = {
  1: ["sessions-full", "has no session left: close other sessions to it, or wait a minute"],
  2: ["protocol", "does not know the session that it has just opened"],
  4: ["unsupported", "does not support the authentication of this cipher suite"],
  5: ["unsupported", "does not support the integrity of this cipher suite"],
  9: ["privilege", "does not know the privilege level that was asked for: see privlvl"],
  10: ["privilege", "does not allow this user the privilege level that was asked for: see privlvl"],
  12: ["sessions-full", "has no session left for this user"],
  13: ["credentials", "does not know this user, or does not allow it over the network"],
  15: ["credentials", "found that the password (or hexadecimal_kg) is not the right one"],
  16: ["unsupported", "does not support the encryption of this cipher suite"],
  17: ["unsupported", "has no cipher suite in common with us"],
  18: ["unsupported", "found an illegal parameter"],
};

const COMPLETION: Readonly<Record<number, readonly [ProblemKind, string]>> = {
  128: ["privilege", "does not allow this privilege level: see privlvl"],
  129: ["privilege", "does not allow this privilege level to this user: see privlvl"],
  192: ["refused", "is busy"],
  193: ["unsupported", "does not know this command"],
  195: ["refused", "ran out of time itself"],
  201: ["unsupported", "found a parameter out of range"],
  204: ["unsupported", "found an invalid parameter"],
  212: ["privilege", "does not allow this with this privilege level: see privlvl"],
  213: ["refused", "cannot do this in its present state"],
  214: ["refused", "has this command switched off"],
};

/** Suites may be tried one after another only when this is why the first was refused. */
export const SUITE_REFUSALS: ReadonlySet<number> = new Set([0x04, 0x05, 0x10, 0x11, 0x12]);

/**
 * Worth another try a little later, so many in all. Some controllers refuse for want of privilege (D4)
 * while the power changes, what they allow a moment later.
 */
export const TRIES: Readonly<Record<number, number>> = { 192: 5, 195: 5, 212: 3 };

export function rmcpProblem(status: number, device: string): AgentProblem {
  return worded(RMCP_PLUS[status], `refused the session with status ${hex(status)}`, device);
}

export function completionProblem(code: number, device: string): AgentProblem {
  return worded(COMPLETION[code], `refused with completion code ${hex(code)}`, device);
}

function worded(
  known: readonly [ProblemKind, string] | undefined,
  otherwise: string,
  device: string,
): AgentProblem {
  const [kind, text] = known ?? ["refused", otherwise];
  return { kind, detail: `${device} ${text}` };
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(2, "0")}`;
}
