/** A simulated controller that speaks Redfish over HTTPS. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { Socket } from "node:net";
import { createCertificate } from "../../x509/certificate.ts";
import type { Chassis } from "../chassis/chassis.ts";
import type { RedfishFault } from "./faults.ts";
import { createService, type ServiceAnswer } from "./service.ts";
import { createSessions, type Sessions } from "./sessions.ts";
import type { RedfishStyle } from "./style.ts";

export interface RedfishSimulatorOptions {
  readonly style: RedfishStyle;
  readonly chassis: Chassis;
  readonly login: { readonly user: string; readonly password: string };
  readonly host?: string;
  /** 0, the default: any free one. */
  readonly port?: number;
  readonly sessionsMax?: number;
  /** `weak`: 1024 bits and SHA-1, as controllers came out of the factory ten years ago. */
  readonly key?: "usual" | "weak";
}

export interface RedfishSimulator {
  readonly host: string;
  readonly port: number;
  /** SHA-256 of the certificate that it shows now, and the certificate itself. */
  readonly fingerprint: string;
  readonly certificate: string;
  /** ResetType of every order for the machine, the oldest first; at most {@link ORDERS_KEPT_MAX}. */
  readonly orders: readonly string[];
  readonly requests: number;
  readonly sessions: Sessions;
  misbehave(fault: RedfishFault): void;
  renewCertificate(): Promise<void>;
  close(): Promise<void>;
}

export const ORDERS_KEPT_MAX = 1_000;
const SESSIONS_MAX = 8;
const USUAL = { bits: 2048, hash: "sha256" } as const;
const WEAK = { bits: 1024, hash: "sha1" } as const;
/** Whatever it is given, it shows. */
const CIPHERS = "DEFAULT:@SECLEVEL=0";
/** Units: bytes of a request. */
const BODY_BYTES_MAX = 64 * 1024;

export async function openRedfishSimulator(options: RedfishSimulatorOptions): Promise<RedfishSimulator> {
  const { host = "127.0.0.1" } = options;
  const strength = options.key === "weak" ? WEAK : USUAL;
  const newCertificate = () => createCertificate({ commonName: "bmc", addresses: [host], ...strength });
  const sessions = createSessions(options.sessionsMax ?? SESSIONS_MAX);
  const sockets = new Set<Socket>();
  const orders: string[] = [];
  let fault: RedfishFault = { type: "none" };
  let requests = 0;
  let certificate = await newCertificate();

  function onOrder(type: string): void {
    orders.push(type);
    if (orders.length > ORDERS_KEPT_MAX) orders.shift();
  }
  const answer = createService({ ...options, sessions, fault: () => fault, onOrder });

  const server = createServer(
    { cert: certificate.cert, key: certificate.key, ciphers: CIPHERS },
    (request, response) => {
      requests += 1;
      void read(request).then(async (body) => {
        if (body === undefined || fault.type === "silent") return;
        if (fault.type === "slow") await passed(fault.ms);
        if (fault.type === "garbage") return void response.writeHead(fault.status).end(fault.body);
        const path = new URL(request.url ?? "/", "https://bmc").pathname;
        const { authorization, "x-auth-token": token } = request.headers;
        const one = Array.isArray(token) ? token[0] : token;
        const result = answer({ method: request.method ?? "", path, authorization, token: one, body });
        if (fault.type === "drops") cutShort(response, request.socket);
        else write(response, result);
      });
    },
  );
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => socket.destroy());
  });
  server.on("tlsClientError", (_error, socket) => socket.destroy());

  const port = await listen(server, host, options.port ?? 0);
  return {
    host,
    port,
    orders,
    sessions,
    get requests() {
      return requests;
    },
    get fingerprint() {
      return certificate.sha256;
    },
    get certificate() {
      return certificate.cert;
    },
    misbehave(next) {
      fault = next;
    },
    async renewCertificate() {
      certificate = await newCertificate();
      server.setSecureContext({ cert: certificate.cert, key: certificate.key, ciphers: CIPHERS });
      server.closeIdleConnections();
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Undefined: it was no request that could be answered. */
async function read(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request) {
      bytes += (chunk as Buffer).length;
      if (bytes > BODY_BYTES_MAX) return void request.destroy();
      chunks.push(chunk as Buffer);
    }
  } catch {
    return undefined; // The client went away; there is nobody to answer.
  }
  return Buffer.concat(chunks).toString("utf8");
}

function write(response: ServerResponse, { status, headers, body }: ServiceAnswer): void {
  const type = body === undefined ? {} : { "Content-Type": "application/json; charset=utf-8" };
  response.writeHead(status, { "OData-Version": "4.0", ...type, ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

function cutShort(response: ServerResponse, socket: Socket): void {
  response.writeHead(200, { "Content-Type": "application/json", "Content-Length": "4096" });
  response.write('{"PowerState": "Off", "Act', () => socket.destroy());
}

function passed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}
