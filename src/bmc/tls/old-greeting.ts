import { createServer, type Server, type Socket } from "node:net";
import type { Server as TlsServer } from "node:tls";

/** In a ClientHello: where the newest version stands that the client offers. Source: RFC 5246, 7.4.1.2. */
const VERSION_AT = 9;
const TLS_1_0 = 0x0301;

/**
 * A door before a TLS server that shuts at once on every client which offers more than TLS 1.0: old
 * cards do that instead of agreeing on what they know.
 */
export function createOldGreeting(server: TlsServer): Server {
  return createServer((socket: Socket) => {
    socket.on("error", () => socket.destroy());
    socket.once("data", (first: Buffer) => {
      socket.pause();
      if (first.length < VERSION_AT + 2 || first.readUInt16BE(VERSION_AT) > TLS_1_0)
        return void socket.destroy();
      socket.unshift(first);
      server.emit("connection", socket);
    });
  });
}
