import { type AgentProblem, type ProblemKind, problem } from "../frame/agent.ts";
import type { TlsTarget } from "./target.ts";

type Failure = { ok: false; problem: AgentProblem };

/** Codes of the system, and what each of them says of the device. */
const KINDS: Readonly<Record<string, readonly [ProblemKind, string]>> = {
  ENOTFOUND: ["address", "its name does not resolve"],
  EAI_AGAIN: ["address", "its name does not resolve now: the name service does not answer"],
  EAI_FAIL: ["address", "its name does not resolve"],
  ECONNREFUSED: ["unreachable", "nobody listens there"],
  EHOSTUNREACH: ["unreachable", "there is no way to it"],
  ENETUNREACH: ["unreachable", "there is no way to its network"],
  EHOSTDOWN: ["unreachable", "its host is down"],
  EADDRNOTAVAIL: ["unreachable", "this node has no address to reach it from"],
  EACCES: ["unreachable", "this node may not send to it"],
  EPERM: ["unreachable", "this node may not send to it: a packet filter"],
  ETIMEDOUT: ["timeout", "it does not answer"],
};

/** Why no connection came about. Shape: names the address, which is no secret. */
export function connectProblem(error: Error & { code?: unknown }, target: TlsTarget): Failure {
  const where = `${target.host} port ${target.port}`;
  const code = typeof error.code === "string" ? error.code : "";
  const known = KINDS[code];
  if (known !== undefined) return problem(known[0], `${where}: ${known[1]} (${code})`);
  if (code === "ECONNRESET" || code === "EPIPE") {
    return problem("lost", `${where}: it hung up before TLS was agreed (${code})${oldTlsHint(target)}`);
  }
  const reason = (error as { reason?: unknown }).reason;
  const words = typeof reason === "string" ? reason : code || error.message;
  return problem("unreachable", `${where}: no TLS agreed: ${words.slice(0, 120)}${oldTlsHint(target)}`);
}

function oldTlsHint({ profile }: TlsTarget): string {
  return profile === "modern" || profile === "lenient" ? "; an old card needs tls1.0=1" : "";
}
