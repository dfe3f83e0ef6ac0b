/** A simulated iLO 1 or 2: RIBCL on bare TLS, as the real clients want it. */
import type { Server as TcpServer } from "node:net";
import { createServer, type Server, type TLSSocket } from "node:tls";
import { type Certificate, createCertificate } from "../../x509/certificate.ts";
import type { Chassis } from "../chassis/chassis.ts";
import { createOldGreeting } from "../tls/old-greeting.ts";
import { type CardAnswer, createConversation } from "./conversation.ts";
import type { RibclFault } from "./faults.ts";
import type { RibclModel } from "./model.ts";
import { type ClientTag, createTagStream } from "./tag-stream.ts";

export interface RibclSimulatorOptions {
  readonly model: RibclModel;
  readonly chassis: Chassis;
  readonly login: { readonly user: string; readonly password: string };
  readonly host?: string;
  /** 0, the default: any free one. */
  readonly port?: number;
}

export interface RibclSimulator {
  readonly host: string;
  readonly port: number;
  /** SHA-256 of the certificate that it shows now. */
  readonly fingerprint: string;
  /** Commands that were carried out, the oldest first; at most {@link COMMANDS_KEPT_MAX}. */
  readonly commands: readonly string[];
  /** How many connections were made. */
  readonly connections: number;
  misbehave(fault: RibclFault): void;
  /** Like a card that was set back: it makes itself another certificate. */
  renewCertificate(): Promise<void>;
  close(): Promise<void>;
}

export const COMMANDS_KEPT_MAX = 1_000;
/** Connections at one time; a real card has four. */
const CONNECTIONS_MAX = 64;
const NOT_HERE =
  "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html><body><h1>Request Error</h1></body></html>\r\n";

export async function openRibclSimulator(options: RibclSimulatorOptions): Promise<RibclSimulator> {
  const { model, host = "127.0.0.1" } = options;
  const commands: string[] = [];
  const sockets = new Set<TLSSocket>();
  let fault: RibclFault = { type: "none" };
  let connections = 0;
  let certificate = await newCertificate(model, host);

  const server = createServer({ ...secureContext(model, certificate) }, (socket) => {
    connections += 1;
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => socket.destroy());
    if (sockets.size > CONNECTIONS_MAX) socket.destroy();
    else serve(socket, options, () => fault, onCommand);
  });
  server.on("tlsClientError", (_error, socket) => socket.destroy());

  function onCommand(command: string): void {
    commands.push(command);
    if (commands.length > COMMANDS_KEPT_MAX) commands.shift();
  }

  const door: TcpServer = model.newerGreeting === "hangs-up" ? createOldGreeting(server) : server;
  const port = await listen(door, host, options.port ?? 0);
  return {
    host,
    port,
    commands,
    get fingerprint() {
      return certificate.sha256;
    },
    get connections() {
      return connections;
    },
    misbehave(next) {
      fault = next;
    },
    async renewCertificate() {
      certificate = await newCertificate(model, host);
      server.setSecureContext(secureContext(model, certificate));
    },
    async close() {
      const closed = new Promise<void>((resolve) => door.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Tag by tag, one answer each, in order: also when a client sends many at once. */
function serve(
  socket: TLSSocket,
  { model, chassis, login }: RibclSimulatorOptions,
  fault: () => RibclFault,
  onCommand: (command: string) => void,
): void {
  const stream = createTagStream();
  let sent = 0;
  let isDeaf = false;
  let work: Promise<void> = Promise.resolve();
  const converse = createConversation({ model, chassis, login, fault, onCommand });

  async function answer(tag: ClientTag): Promise<void> {
    if (isDeaf || socket.destroyed) return;
    const now = fault();
    if (now.type === "silent") return;
    if (now.type === "slow") await new Promise((resolve) => setTimeout(resolve, now.ms));
    if (now.type === "drops" && sent >= now.after) return void socket.destroy();
    const { document, next }: CardAnswer = converse(tag);
    const isGarbage = now.type === "garbage" && sent >= now.from;
    if (document !== undefined) {
      sent += 1;
      socket.write(isGarbage ? now.bytes : document);
    }
    if (next !== "login-failed") return;
    isDeaf = true;
    if (now.type !== "refuses-login" || now.connection === "closed") socket.end();
  }

  let isFirst = true;
  socket.on("data", (chunk: Buffer) => {
    const text = chunk.toString("latin1");
    if (isFirst && /^(GET|POST|HEAD) /.test(text)) return void socket.end(NOT_HERE);
    isFirst = false;
    const tags = stream.push(text);
    // A declaration with more behind it in one write: the card stumbles over the rest.
    const isJoined =
      Array.isArray(tags) && tags.length > 1 && tags.some(({ kind }) => kind === "declaration");
    if (tags === "too-long") return void socket.destroy();
    const heard = isJoined
      ? [{ name: "?>", kind: "empty" as const, attributes: new Map<string, string>() }]
      : tags;
    for (const tag of heard) work = work.then(() => answer(tag));
  });
}

function newCertificate({ tls }: RibclModel, host: string): Promise<Certificate> {
  return tls === "old"
    ? createCertificate({ commonName: "ILOCZJ84602N7", bits: 1024, hash: "sha1" })
    : createCertificate({ commonName: "ILOCZJ84602N7", addresses: [host], bits: 2048, hash: "sha256" });
}

function secureContext(
  { tls }: RibclModel,
  { cert, key }: Certificate,
): Parameters<Server["setSecureContext"]>[0] {
  const anything = { cert, key, minVersion: "TLSv1", ciphers: "DEFAULT:@SECLEVEL=0" } as const;
  return tls === "old" ? { ...anything, maxVersion: "TLSv1" } : anything;
}

function listen(server: TcpServer, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}
