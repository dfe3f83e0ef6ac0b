/** The API of Proxmox VE: a ticket or a token with every request, answers checked. */
import type { Millis } from "../../core/ids.ts";
import { type AgentContext, problem, type Result, success } from "../frame/agent.ts";
import { createHttpClient, type HttpAnswer } from "../redfish/http.ts";
import { arrayOf, type Json, objectOf, parseJson, textOf } from "../redfish/json.ts";
import type { TlsTarget } from "../tls/target.ts";

export type PveLogin =
  | { readonly type: "password"; readonly user: string; readonly password: string }
  /** `user@realm!name`, and its secret. */
  | { readonly type: "token"; readonly id: string; readonly secret: string };

export interface PveApi {
  /** What the answer has under `data`. */
  get(path: string): Promise<Result<unknown>>;
  /** Accepted: a task has begun. */
  post(path: string): Promise<Result<void>>;
  close(): void;
}

const BASE = "/api2/json/";

export function createPveApi(
  target: TlsTarget,
  login: PveLogin,
  answerMs: Millis,
  context: AgentContext,
): PveApi {
  const http = createHttpClient(target);
  let headers: Readonly<Record<string, string>> | undefined;

  async function credentials(): Promise<Result<Readonly<Record<string, string>>>> {
    if (headers !== undefined) return success(headers);
    if (login.type === "token") {
      headers = { Authorization: `PVEAPIToken=${login.id}=${login.secret}` };
      return success(headers);
    }
    const body = new URLSearchParams({ username: login.user, password: login.password }).toString();
    const answer = await http.send(
      { method: "POST", path: `${BASE}access/ticket`, headers: FORM, body, answerMs },
      context,
    );
    if (!answer.ok) return answer;
    if (answer.value.status !== 200) return statusProblem(answer.value, "the login");
    const data = objectOf(parseJson(answer.value.body)?.["data"]);
    const [ticket, token] = [textOf(data?.["ticket"]), textOf(data?.["CSRFPreventionToken"])];
    if (ticket === undefined || token === undefined || !isHeader(ticket) || !isHeader(token)) {
      return problem("protocol", "the login was accepted, and there is no ticket");
    }
    // With a second factor the ticket is only good for asking for it.
    if (data?.["NeedTFA"] !== undefined || ticket.startsWith("PVE:!tfa!")) {
      return problem("credentials", "this account wants a second factor: use an API token");
    }
    headers = { Cookie: `PVEAuthCookie=${encodeURIComponent(ticket)}`, CSRFPreventionToken: token };
    return success(headers);
  }

  async function send(method: "GET" | "POST", path: string): Promise<Result<HttpAnswer>> {
    const login = await credentials();
    if (!login.ok) return login;
    const form = method === "POST" ? { ...FORM, ...login.value } : login.value;
    const body = method === "POST" ? { body: "" } : {};
    const answer = await http.send({ method, path: BASE + path, headers: form, ...body, answerMs }, context);
    if (!answer.ok) return answer;
    return answer.value.status === 200 ? answer : statusProblem(answer.value, path);
  }

  return {
    async get(path) {
      const answer = await send("GET", path);
      if (!answer.ok) return answer;
      const json = parseJson(answer.value.body);
      if (json === undefined || !Object.hasOwn(json, "data")) {
        return problem("protocol", `${path}: its answer is not one of Proxmox VE`);
      }
      return success(json["data"]);
    },
    async post(path) {
      const answer = await send("POST", path);
      return answer.ok ? success(undefined) : answer;
    },
    close: () => http.close(),
  };
}

const FORM = { "Content-Type": "application/x-www-form-urlencoded" } as const;

function isHeader(text: string): boolean {
  return /^[\x21-\x7e]{1,4096}$/.test(text);
}

/** Source: PVE::HTTPServer. The reason is in the status line and, since version 8, in `message`. */
function statusProblem({ status, body }: HttpAnswer, what: string): Result<never> {
  const said = messageIn(parseJson(body));
  const detail = `${what}: HTTP status ${status}${said === "" ? "" : `: ${said}`}`;
  if (status === 401) return problem("credentials", detail);
  if (status === 403) return problem("privilege", `${detail} (VM.PowerMgmt and VM.Audit are needed)`);
  if (status === 404 || /does not exist|no such/i.test(said)) return problem("missing", detail);
  if (status === 501) return problem("unsupported", detail);
  // 595 to 599: the node that was asked cannot reach the one that has the machine.
  if (status >= 595 && status <= 599) return problem("unreachable", detail);
  return problem(status >= 400 && status <= 599 ? "refused" : "protocol", detail);
}

function messageIn(json: Json | undefined): string {
  const text = textOf(json?.["message"]) ?? arrayOf(json?.["errors"]).map(String).join("; ");
  return text
    .replace(/[^\x20-\x7e]+/g, " ")
    .trim()
    .slice(0, 160);
}
