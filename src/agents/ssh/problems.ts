/** Why nobody could log in. */
import { type AgentProblem, problem } from "../frame/agent.ts";

type Failure = { ok: false; problem: AgentProblem };

interface SshError extends Error {
  readonly level?: string;
  readonly code?: unknown;
}

const UNREACHABLE: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nobody listens there",
  EHOSTUNREACH: "there is no way to it",
  ENETUNREACH: "there is no way to its network",
  EHOSTDOWN: "its host is down",
  EACCES: "this node may not send to it",
};

/** Shape: the library's own words are not repeated: they have what the device said. */
export function loginProblem(
  error: SshError,
  device: string,
  shown: { readonly key: string; readonly isRefused: boolean },
): Failure {
  const code = typeof error.code === "string" ? error.code : "";
  if (shown.isRefused) {
    return problem(
      "certificate",
      `${device} shows another host key than ssh_fingerprint names: SHA256:${shown.key}`,
    );
  }
  if (error.level === "client-authentication") {
    return problem("credentials", `${device} does not accept this login, with password or key`);
  }
  const way = UNREACHABLE[code];
  if (way !== undefined) return problem("unreachable", `${device}: ${way} (${code})`);
  if (code === "ETIMEDOUT") return problem("timeout", `${device} does not answer (${code})`);
  if (/no matching/i.test(error.message)) {
    return problem(
      "unreachable",
      `${device}: no common algorithm; an old card needs ssh_options="-o KexAlgorithms=+diffie-hellman-group14-sha1 -o HostKeyAlgorithms=+ssh-rsa"`,
    );
  }
  if (code === "ECONNRESET" || code === "EPIPE" || /connection lost/i.test(error.message)) {
    return problem("lost", `${device} hung up before the login`);
  }
  return problem("unreachable", `${device} does not speak SSH that can be understood`);
}
