/** A Unix socket that takes one JSON line per connection and answers with one. */
import { createServer, type Server, type Socket } from "node:net";

/** Units: bytes. */
const REQUEST_BYTES_MAX = 64 * 1024;
const CONNECTIONS_MAX = 64;

export interface LineServer {
  close(): Promise<void>;
}

/** `hang-up`: the connection is closed without a word. */
export type LineReply = { readonly reply: unknown } | "hang-up";

export async function openLineServer(
  path: string,
  /** `gone` fires when whoever asks has hung up. */
  answer: (request: unknown, gone: AbortSignal) => Promise<LineReply>,
): Promise<LineServer> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    const gone = new AbortController();
    socket.on("close", () => {
      sockets.delete(socket);
      gone.abort();
    });
    socket.on("error", () => socket.destroy());
    void readLine(socket)
      .then(async (line) => {
        const outcome = await answer(JSON.parse(line), gone.signal);
        if (outcome === "hang-up") socket.destroy();
        else socket.end(`${JSON.stringify(outcome.reply)}\n`);
      })
      .catch((error: unknown) => {
        socket.end(
          `${JSON.stringify({ ok: false, problem: error instanceof Error ? error.message : String(error) })}\n`,
        );
      });
  });
  server.maxConnections = CONNECTIONS_MAX;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
  return {
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function readLine(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    socket.setEncoding("utf8");
    socket.on("data", (chunk: string) => {
      text += chunk;
      const end = text.indexOf("\n");
      if (end >= 0) resolve(text.slice(0, end));
      else if (text.length > REQUEST_BYTES_MAX) reject(new Error("the request is too long"));
    });
    socket.on("close", () => reject(new Error("closed")));
  });
}
