/** What went wrong in one exchange of SNMP. */
import { type AgentProblem, type ProblemKind, problem } from "../frame/agent.ts";

type Failure = { ok: false; problem: AgentProblem };

/** What the library's errors have, as far as they are of use. */
interface SnmpError extends Error {
  readonly status?: unknown;
  readonly code?: unknown;
}

/** Of RFC 3416. Says of a set that is refused whether the account or the value is at fault. */
const STATUS: Readonly<Record<number, readonly [ProblemKind, string]>> = {
  1: ["refused", "tooBig"],
  2: ["missing", "noSuchName"],
  3: ["refused", "badValue"],
  4: ["privilege", "readOnly"],
  5: ["refused", "genErr"],
  6: ["privilege", "noAccess"],
  7: ["refused", "wrongType"],
  10: ["refused", "wrongValue"],
  11: ["refused", "noCreation"],
  12: ["refused", "inconsistentValue"],
  13: ["refused", "resourceUnavailable"],
  14: ["refused", "commitFailed"],
  16: ["privilege", "authorizationError"],
  17: ["privilege", "notWritable"],
  18: ["refused", "inconsistentName"],
};

export function exchangeProblem(error: SnmpError, device: string, what: string, version: string): Failure {
  if (error.name === "RequestTimedOutError") return silenceProblem(device, what, version);
  if (error.name === "RequestFailedError") {
    const [kind, word] = STATUS[Number(error.status)] ?? ["refused", `error ${String(error.status)}`];
    return problem(kind, `${device} refuses ${what}: ${word}`);
  }
  return problem(...userProblem(error, device, what));
}

/** Devices answer a wrong community, and what they cannot decrypt, with silence. */
export function silenceProblem(device: string, what: string, version: string): Failure {
  const hint =
    version === "3"
      ? "; a wrong snmp_priv_passwd or snmp_priv_prot looks the same"
      : "; a wrong community looks the same, and so does a device that does not speak this version";
  return problem("timeout", `no answer from ${device} to ${what}${hint}`);
}

/** Source: RFC 3414, usmStats: what a device says of a user that it does not accept. */
function userProblem({ message }: SnmpError, device: string, what: string): [ProblemKind, string] {
  if (/user ?name/i.test(message)) return ["credentials", `${device} does not know this user`];
  if (/digest/i.test(message)) {
    return ["credentials", `${device}: the password, or snmp_auth_prot, is another one`];
  }
  if (/decrypt/i.test(message)) {
    return ["credentials", `${device}: the password for privacy, or snmp_priv_prot, is another one`];
  }
  if (/security ?level/i.test(message)) {
    return ["credentials", `${device} wants another snmp_sec_level of this user`];
  }
  if (/time ?window/i.test(message)) return ["protocol", `${device}: its clock went back while it was asked`];
  return ["protocol", `${device}: its answer to ${what} makes no sense`];
}

export function socketProblem(code: string, device: string): Failure {
  const words: Readonly<Record<string, string>> = {
    ECONNREFUSED: "nobody listens on this port (ECONNREFUSED)",
    EHOSTUNREACH: "the host does not answer (EHOSTUNREACH)",
    ENETUNREACH: "there is no route (ENETUNREACH)",
  };
  return problem("unreachable", `${device} cannot be reached: ${words[code] ?? code}`);
}
