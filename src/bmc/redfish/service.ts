/** What the controller answers to one request. No network here. */
import type { Chassis } from "../chassis/chassis.ts";
import type { RedfishFault } from "./faults.ts";
import {
  type Document,
  errorOf,
  ROOT,
  resetActionInfo,
  resetPath,
  SESSIONS,
  serviceRoot,
  system,
  systemPath,
  systems,
  written,
} from "./resources.ts";
import type { Sessions } from "./sessions.ts";
import type { RedfishStyle } from "./style.ts";

export interface ServiceRequest {
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  readonly authorization: string | undefined;
  readonly token: string | undefined;
  readonly body: string;
}

export interface ServiceAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Document;
}

export interface ServiceOptions {
  readonly style: RedfishStyle;
  readonly chassis: Chassis;
  readonly login: { readonly user: string; readonly password: string };
  readonly sessions: Sessions;
  readonly fault: () => RedfishFault;
  /** Every order that came to the machine: its ResetType. */
  readonly onOrder: (resetType: string) => void;
}

export function createService(options: ServiceOptions): (request: ServiceRequest) => ServiceAnswer {
  const { style, chassis, login, sessions, fault } = options;
  const basic = `Basic ${Buffer.from(`${login.user}:${login.password}`).toString("base64")}`;

  function isLoggedIn({ authorization, token }: ServiceRequest): boolean {
    if (fault().type === "other-password") return false;
    if (token !== undefined) return sessions.isOpen(token);
    return authorization === basic && fault().type !== "no-basic";
  }

  function openSession(body: string): ServiceAnswer {
    const given = parsed(body);
    const isRight = given["UserName"] === login.user && given["Password"] === login.password;
    if (!isRight || fault().type === "other-password") return UNAUTHORIZED;
    const session = fault().type === "sessions-full" ? undefined : sessions.open();
    if (session === undefined) {
      return {
        status: 503,
        body: errorOf("IDRAC.2.8.RAC0218", "The maximum number of user sessions is reached."),
      };
    }
    const path = `${SESSIONS}/${session.id}`;
    return {
      status: 201,
      headers: { "X-Auth-Token": session.token, Location: path },
      body: { "@odata.id": path },
    };
  }

  function read(path: string): ServiceAnswer {
    if (path === ROOT) return { status: 200, body: serviceRoot(style) };
    if (path === `${ROOT}/Systems`) return { status: 200, body: systems(style) };
    const id = style.systems.find(
      (each) => path === systemPath(each) || path.startsWith(`${systemPath(each)}/`),
    );
    if (id === undefined) return NOT_FOUND;
    if (path === systemPath(id)) {
      return { status: 200, body: system(id, id === style.machine ? chassis.power : "on", style) };
    }
    const isInfo = path === `${systemPath(id)}/ResetActionInfo` && style.listed === "action-info";
    return isInfo ? { status: 200, body: resetActionInfo(id, style) } : NOT_FOUND;
  }

  function reset(id: string, body: string): ServiceAnswer {
    const type = parsed(body)["ResetType"];
    if (fault().type === "no-privilege") {
      return { status: 403, body: errorOf("Base.1.8.InsufficientPrivilege", "The login may not do this.") };
    }
    if (typeof type !== "string" || !style.resetTypes.includes(type)) {
      return { status: 400, body: errorOf("Base.1.8.ActionParameterNotSupported", "ResetType") };
    }
    const refused = { status: style.refusal.status, body: errorOf(style.refusal.id, style.refusal.message) };
    if (id !== style.machine) return refused;
    options.onOrder(type);
    const accepted: ServiceAnswer = acceptance(style);
    if (fault().type === "lies") return accepted;
    return carryOut(type, chassis, style) ? accepted : refused;
  }

  return (request) => {
    const path = request.path.length > 1 ? request.path.replace(/\/$/, "") : request.path;
    if (
      request.method === "GET" &&
      style.paths === "slash" &&
      path === request.path &&
      path.startsWith(ROOT)
    ) {
      return { status: 308, headers: { Location: written(path, style) } };
    }
    if (request.method === "GET" && path === ROOT) return read(path);
    if (request.method === "POST" && path === SESSIONS) return openSession(request.body);
    if (!isLoggedIn(request)) return fault().type === "no-basic" ? ONLY_SESSIONS : UNAUTHORIZED;
    if (fault().type === "busy") return { status: 503, body: errorOf("IDRAC.2.8.SWC0700", "Not ready.") };
    if (request.method === "GET") return read(path);
    if (request.method === "DELETE" && path.startsWith(`${SESSIONS}/`)) {
      return sessions.end(path.slice(SESSIONS.length + 1)) ? { status: 204 } : NOT_FOUND;
    }
    const id = style.systems.find((each) => path === resetPath(each));
    return request.method === "POST" && id !== undefined ? reset(id, request.body) : NOT_FOUND;
  };
}

const NOT_FOUND: ServiceAnswer = {
  status: 404,
  body: errorOf("Base.1.8.ResourceMissingAtURI", "No such resource."),
};
const DENIED = errorOf("Base.1.8.NoValidSession", "There is no valid login or session.");
const UNAUTHORIZED: ServiceAnswer = {
  status: 401,
  headers: { "WWW-Authenticate": 'Basic realm="Redfish"' },
  body: DENIED,
};
const ONLY_SESSIONS: ServiceAnswer = { status: 401, headers: { "WWW-Authenticate": "Token" }, body: DENIED };

function acceptance({ accepted }: RedfishStyle): ServiceAnswer {
  if (accepted === 204) return { status: 204 };
  if (accepted === 202)
    return { status: 202, headers: { Location: `${ROOT}/TaskService/Tasks/1` }, body: {} };
  return { status: 200, body: errorOf("Base.1.4.Success", "The request was completed.") };
}

/** False: not from the state that it is in. */
function carryOut(type: string, chassis: Chassis, { changing }: RedfishStyle): boolean {
  const { power } = chassis;
  if (changing === "shown" && (power === "powering-on" || power === "powering-off")) return false;
  const isOff = power === "off";
  switch (type) {
    case "On":
    case "ForceOn":
      if (isOff) chassis.turn("on");
      return isOff;
    case "ForceOff":
      if (!isOff) chassis.turn("off");
      return !isOff;
    case "GracefulShutdown":
      if (!isOff) chassis.press();
      return !isOff;
    case "PushPowerButton":
      chassis.press();
      return true;
    default:
      return !isOff; // A restart or an interrupt leaves the power as it is.
  }
}

function parsed(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {}; // Answered as a request without its parameters.
  }
}
