/** The answers of a simulated Proxmox VE cluster with two hosts and one machine. */
import { randomBytes } from "node:crypto";
import type { Chassis } from "../chassis/chassis.ts";
import type { PveFault } from "./faults.ts";

export interface PveRequest {
  readonly method: string;
  /** Below /api2/json/, without what is behind a question mark. */
  readonly path: string;
  readonly cookie: string | undefined;
  readonly csrf: string | undefined;
  readonly authorization: string | undefined;
  readonly body: string;
}

export interface PveAnswer {
  readonly status: number;
  /** Behind the status, where Proxmox VE says why. */
  readonly reason?: string;
  readonly body: unknown;
}

export interface PveServiceOptions {
  readonly chassis: Chassis;
  readonly login: { readonly user: string; readonly password: string };
  /** Of the machine. */
  readonly vmid: string;
  /** Which of the hosts has it now. */
  readonly host: () => string;
  readonly fault: () => PveFault;
  readonly onOrder: (order: string) => void;
}

export const HOSTS = ["pve1", "pve2"] as const;
/** Units: ms. A reset is off for a moment. */
const RESET_MS = 100;
const NOBODY: PveAnswer = { status: 401, reason: "No ticket", body: { data: null } };

export function createPveService(options: PveServiceOptions): (request: PveRequest) => PveAnswer {
  const { chassis, login, vmid, host, fault, onOrder } = options;
  const [ticket, token] = [`PVE:${randomBytes(12).toString("base64")}`, randomBytes(12).toString("base64")];

  function isLoggedIn({ method, cookie, csrf, authorization }: PveRequest): boolean {
    if (fault().type === "other-password") return false;
    if (authorization !== undefined) return authorization === `PVEAPIToken=${login.user}=${login.password}`;
    const given = /(?:^|;\s*)PVEAuthCookie=([^;]*)/.exec(cookie ?? "")?.[1] ?? "";
    const isTicket = given === ticket || given === encodeURIComponent(ticket);
    return isTicket && (method === "GET" || csrf === token);
  }

  function enter(body: string): PveAnswer {
    const given = new URLSearchParams(body);
    const isRight = given.get("username") === login.user && given.get("password") === login.password;
    if (!isRight || fault().type === "other-password") {
      return { status: 401, reason: "authentication failure", body: { data: null } };
    }
    return ok({ ticket, CSRFPreventionToken: token, username: login.user });
  }

  function machine(): Record<string, unknown> {
    const isOn = chassis.power === "on" || chassis.power === "powering-off";
    return { vmid: Number(vmid), name: "tpve02", status: isOn ? "running" : "stopped" };
  }

  function order(what: string): PveAnswer {
    if (fault().type === "no-privilege") {
      return { status: 403, reason: "Permission check failed (VM.PowerMgmt)", body: { data: null } };
    }
    onOrder(what);
    if (fault().type !== "lies") {
      if (what === "start") chassis.turn("on");
      else chassis.turn("off");
      if (what === "reset") setTimeout(() => chassis.turn("on"), RESET_MS).unref();
    }
    return ok(`UPID:${host()}:0000A1B2:00C3D4E5:67443A2B:qm${what}:${vmid}:${login.user}:`);
  }

  return (request) => {
    const { method, path } = request;
    if (method === "POST" && path === "access/ticket") return enter(request.body);
    if (!isLoggedIn(request)) return NOBODY;
    if (method === "GET" && path === "nodes") return ok(HOSTS.map((node) => ({ node, status: "online" })));
    if (method === "GET" && path === "cluster/resources") {
      return ok([{ ...machine(), type: "qemu", node: host(), id: `qemu/${vmid}` }]);
    }
    const [, node = "", rest = ""] = /^nodes\/([^/]+)\/qemu(?:\/(.*))?$/.exec(path) ?? [];
    if (!HOSTS.some((one) => one === node))
      return { status: 500, reason: "no such host", body: { data: null } };
    if (fault().type === "host-gone" && node === host()) {
      return { status: 595, reason: "No route to host", body: "" };
    }
    if (rest === "") return ok(node === host() ? [machine()] : []);
    const [id, , what = ""] = rest.split("/");
    if (id !== vmid || node !== host()) {
      const message = `Configuration file 'nodes/${node}/qemu-server/${id}.conf' does not exist`;
      return { status: 500, reason: message, body: { data: null, message } };
    }
    if (method === "GET" && what === "current") {
      return ok({ ...machine(), qmpstatus: machine()["status"], ...asleep(fault()) });
    }
    return method === "POST" && ["start", "stop", "reset"].includes(what)
      ? order(what)
      : { status: 501, reason: "Method not implemented", body: { data: null } };
  };
}

function asleep({ type }: PveFault): Record<string, unknown> {
  if (type === "paused") return { status: "stopped", qmpstatus: "paused" };
  return type === "suspended" ? { status: "stopped", qmpstatus: "stopped", lock: "suspended" } : {};
}

function ok(data: unknown): PveAnswer {
  return { status: 200, body: { data } };
}
