import { type AgentProblem, type ProblemKind, problem } from "../frame/agent.ts";
import type { HttpAnswer } from "./http.ts";
import { messagesOf, parseJson } from "./json.ts";

/** Says of a device that has no session left: iDRAC, the Redfish base registry, Supermicro. */
const FULL = /SessionLimitExceeded|RAC0218|maximum number of (user )?sessions/i;

/** What a status that is no success means. `what`: what was asked for, for people. */
export function statusProblem(answer: HttpAnswer, what: string): { ok: false; problem: AgentProblem } {
  const said = messagesOf(parseJson(answer.body));
  const detail = `${what}: HTTP status ${answer.status}${said === "" ? "" : `: ${said}`}`;
  if (FULL.test(said)) return problem("sessions-full", detail);
  return problem(kindOf(answer.status), detail + hintFor(answer));
}

function kindOf(status: number): ProblemKind {
  switch (status) {
    case 401:
      return "credentials";
    case 403:
      return "privilege";
    case 404:
      return "missing";
    case 405:
    case 501:
      return "unsupported";
    default:
      return status >= 400 && status <= 599 ? "refused" : "protocol";
  }
}

function hintFor({ status, headers }: HttpAnswer): string {
  if (status !== 401) return "";
  const offered = headers["www-authenticate"] ?? "";
  return offered === "" || /basic/i.test(offered)
    ? ""
    : " (it may not take basic authentication: redfish_auth=session)";
}
