/** A simulated Proxmox VE cluster: its API over HTTPS, as Debian's fence_pve wants it. */
import { createServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { createCertificate } from "../../x509/certificate.ts";
import type { Chassis } from "../chassis/chassis.ts";
import type { PveFault } from "./faults.ts";
import { createPveService, HOSTS } from "./service.ts";

export interface PveSimulatorOptions {
  readonly chassis: Chassis;
  /** `root@pam`, or the id of an API token: `root@pam!fence`. */
  readonly login: { readonly user: string; readonly password: string };
  readonly vmid?: string;
  readonly host?: string;
  /** 0, the default: any free one. */
  readonly port?: number;
}

export interface PveSimulator {
  readonly host: string;
  readonly port: number;
  readonly vmid: string;
  /** SHA-256 of the certificate that it shows now. */
  readonly fingerprint: string;
  /** Orders for the machine, the oldest first; at most {@link ORDERS_KEPT_MAX}. */
  readonly orders: readonly string[];
  misbehave(fault: PveFault): void;
  /** To the other host. */
  migrate(): void;
  renewCertificate(): Promise<void>;
  close(): Promise<void>;
}

export const ORDERS_KEPT_MAX = 1_000;
/** Units: bytes of a request. */
const BODY_BYTES_MAX = 16_384;
const BASE = "/api2/json/";

export async function openPveSimulator(options: PveSimulatorOptions): Promise<PveSimulator> {
  const { host = "127.0.0.1", vmid = "102" } = options;
  const orders: string[] = [];
  const sockets = new Set<Socket>();
  let fault: PveFault = { type: "none" };
  let at = 1;
  const newCertificate = () =>
    createCertificate({ commonName: "pve1", addresses: [host], bits: 2048, hash: "sha256" });
  let certificate = await newCertificate();
  const answer = createPveService({
    ...options,
    vmid,
    host: () => HOSTS[at % HOSTS.length] ?? HOSTS[0],
    fault: () => fault,
    onOrder(order) {
      orders.push(order);
      if (orders.length > ORDERS_KEPT_MAX) orders.shift();
    },
  });

  const server = createServer({ cert: certificate.cert, key: certificate.key }, (request, response) => {
    let body = "";
    request.on("data", (part: Buffer) => {
      body += part.toString("latin1");
      if (body.length > BODY_BYTES_MAX) request.destroy();
    });
    request.on("end", () => {
      const now = fault;
      if (now.type === "silent") return;
      const { pathname } = new URL(request.url ?? "/", "https://pve");
      const one = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value);
      const result = answer({
        method: request.method ?? "",
        path: pathname.startsWith(BASE) ? pathname.slice(BASE.length) : "",
        cookie: request.headers.cookie,
        csrf: one(request.headers["csrfpreventiontoken"]),
        authorization: request.headers.authorization,
        body,
      });
      const say = (): void => {
        if (now.type === "drops") return void request.socket.destroy();
        if (now.type === "garbage") return void response.writeHead(now.status).end(now.body);
        response.writeHead(result.status, result.reason ?? "OK", { "Content-Type": "application/json" });
        response.end(JSON.stringify(result.body));
      };
      if (now.type === "slow") setTimeout(say, now.ms).unref();
      else say();
    });
  });
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => socket.destroy());
  });
  server.on("tlsClientError", (_error, socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, host, () => resolve());
  });
  const { port } = server.address() as AddressInfo;
  return {
    host,
    port,
    vmid,
    orders,
    get fingerprint() {
      return certificate.sha256;
    },
    misbehave(next) {
      fault = next;
    },
    migrate() {
      at += 1;
    },
    async renewCertificate() {
      certificate = await newCertificate();
      server.setSecureContext({ cert: certificate.cert, key: certificate.key });
      server.closeIdleConnections();
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
