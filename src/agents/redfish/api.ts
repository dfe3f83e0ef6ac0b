/** Requests with a login: basic authentication, or a session that is always given back. */
import type { Millis } from "../../core/ids.ts";
import { type AgentContext, problem, type Result, success } from "../frame/agent.ts";
import type { TlsTarget } from "../tls/target.ts";
import { createHttpClient, type HttpAnswer, type HttpRequest } from "./http.ts";
import { type Json, linkOf, objectOf, parseJson, pathOf } from "./json.ts";
import { GOODBYE_MS, REDIRECTS_MAX } from "./limits.ts";
import { statusProblem } from "./status.ts";

export interface ApiOptions {
  readonly target: TlsTarget;
  readonly user: string;
  readonly password: string;
  readonly authentication: "basic" | "session";
  /** Where the service begins: `/redfish/v1`. */
  readonly root: string;
  /** Units: ms for one answer. */
  readonly answerMs: Millis;
}

export interface Api {
  /** A JSON object, or why there is none. */
  get(path: string): Promise<Result<Json>>;
  /** Success: any status from 200 to 299. */
  post(path: string, body: Json): Promise<Result<void>>;
  /** Gives the session back. Never rejects. */
  close(): Promise<void>;
}

interface Session {
  readonly token: string;
  readonly path: string | undefined;
}

const HEADERS = { "OData-Version": "4.0" } as const;
const JSON_HEADERS = { ...HEADERS, "Content-Type": "application/json" } as const;

export function createApi(options: ApiOptions, context: AgentContext): Api {
  const { target, user, password, authentication, root, answerMs } = options;
  const http = createHttpClient(target);
  let session: Session | undefined;

  async function credentials(): Promise<Result<Readonly<Record<string, string>>>> {
    if (authentication === "basic") {
      const pair = Buffer.from(`${user}:${password}`, "utf8").toString("base64");
      return success({ Authorization: `Basic ${pair}` });
    }
    if (session === undefined) {
      const opened = await openSession();
      if (!opened.ok) return opened;
      session = opened.value;
    }
    return success({ "X-Auth-Token": session.token });
  }

  async function openSession(): Promise<Result<Session>> {
    const service = await follow({ method: "GET", path: root, headers: HEADERS, answerMs });
    if (!service.ok) return service;
    const links = objectOf(parseJson(service.value.body)?.["Links"]);
    const path = linkOf(links?.["Sessions"]) ?? `${root.replace(/\/$/, "")}/SessionService/Sessions`;
    const body = JSON.stringify({ UserName: user, Password: password });
    const answer = await http.send({ method: "POST", path, headers: JSON_HEADERS, body, answerMs }, context);
    if (!answer.ok) return answer;
    const { status, headers } = answer.value;
    if (status < 200 || status > 299) return statusProblem(answer.value, "opening a session");
    const token = headers["x-auth-token"] ?? "";
    if (!/^[\x21-\x7e]{1,1024}$/.test(token))
      return problem("protocol", "it opened a session and gave no token");
    const link = headers["location"] ?? parseJson(answer.value.body)?.["@odata.id"];
    return success({ token, path: pathOnDevice(link, target.host) });
  }

  /** A session that the device forgot is opened anew, once. */
  async function send(what: Omit<HttpRequest, "answerMs">): Promise<Result<HttpAnswer>> {
    for (const attempt of ["first", "second"] as const) {
      const login = await credentials();
      if (!login.ok) return login;
      const headers = { ...HEADERS, ...what.headers, ...login.value };
      const answer = await follow({ ...what, headers, answerMs });
      const isForgotten = answer.ok && answer.value.status === 401 && session !== undefined;
      if (!isForgotten || attempt === "second") return answer;
      session = undefined;
    }
    return problem("credentials", "it does not keep a session");
  }

  async function follow(what: HttpRequest): Promise<Result<HttpAnswer>> {
    let path = what.path;
    for (let steps = 0; steps <= REDIRECTS_MAX; steps++) {
      const answer = await http.send({ ...what, path }, context);
      if (!answer.ok || what.method !== "GET" || !isRedirect(answer.value.status)) return answer;
      const next = pathOnDevice(answer.value.headers["location"], target.host);
      if (next === undefined) return problem("protocol", `${path} leads away from the device`);
      path = next;
    }
    return problem("protocol", `${what.path} leads on more than ${REDIRECTS_MAX} times`);
  }

  return {
    async get(path) {
      const answer = await send({ method: "GET", path });
      if (!answer.ok) return answer;
      if (answer.value.status !== 200) return statusProblem(answer.value, path);
      const json = parseJson(answer.value.body);
      return json === undefined
        ? problem("protocol", `${path}: its answer is no JSON object`)
        : success(json);
    },
    async post(path, body) {
      const answer = await send({ method: "POST", path, headers: JSON_HEADERS, body: JSON.stringify(body) });
      if (!answer.ok) return answer;
      const { status } = answer.value;
      return status >= 200 && status <= 299 ? success(undefined) : statusProblem(answer.value, path);
    },
    async close() {
      const open = session;
      session = undefined;
      if (open?.path !== undefined) {
        const headers = { ...HEADERS, "X-Auth-Token": open.token };
        // The time of the action may be over; a session that stays would take another's place.
        const goodbye: AgentContext = {
          signal: new AbortController().signal,
          deadline: performance.now() + GOODBYE_MS,
          identity: "skip",
        };
        await http.send({ method: "DELETE", path: open.path, headers, answerMs: GOODBYE_MS }, goodbye);
      }
      http.close();
    },
  };
}

function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 307 || status === 308;
}

/** A path, or an address of the same device, as a path. */
function pathOnDevice(value: unknown, host: string): string | undefined {
  const plain = pathOf(value);
  if (plain !== undefined) return plain;
  if (typeof value !== "string" || !URL.canParse(value)) return undefined;
  const url = new URL(value);
  const isSame = url.protocol === "https:" && url.hostname.replace(/^\[|\]$/g, "") === host.toLowerCase();
  return isSame ? pathOf(url.pathname + url.search) : undefined;
}
