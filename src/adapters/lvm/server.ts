/** The lock daemon's socket of LVM, and the file whose presence tells commands that there is one. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { dirname } from "node:path";
import { OperationError } from "../../core/errors.ts";
import { claimSocketPath } from "../http/socket-path.ts";
import {
  type Fields,
  formatReply,
  parseRequest,
  REQUEST_BYTES_MAX,
  RESULT,
  splitRequests,
} from "./message.ts";

/** Commands at once. */
const COMMANDS_MAX = 1_000;
/** Requests of one command that may wait: it sends one and waits for its reply. */
const WAITING_MAX = 16;

export interface LvmClient {
  answer(request: Fields): Promise<Fields>;
  close(): void;
}

/** A whole request has a reply: so has one that is none. */
const REFUSED = formatReply({ response: "failed", result: RESULT.invalid, op_result: RESULT.invalid });
const CROWDED = formatReply({ response: "failed", result: RESULT.busy, op_result: RESULT.busy });

function serve(socket: Socket, client: LvmClient): void {
  let text = "";
  let waiting = 0;
  let turn = Promise.resolve();
  let over = false;

  function refuse(): void {
    over = true;
    if (!socket.destroyed) socket.end(REFUSED);
  }

  socket.setEncoding("utf8");
  socket.on("data", (chunk: string) => {
    if (over) return;
    const { requests, rest } = splitRequests(text + chunk);
    text = rest;
    waiting += requests.length;
    if (rest.length > REQUEST_BYTES_MAX || waiting > WAITING_MAX) return refuse();
    for (const request of requests) {
      turn = turn.then(async () => {
        if (socket.destroyed) return;
        const reply = await client.answer(parseRequest(request));
        waiting--;
        if (!over && !socket.destroyed) socket.write(formatReply(reply));
      });
    }
  });
  // LVM never closes one half: this is the end of the command, in the middle of a request or not.
  socket.on("end", () => {
    if (over) return;
    if (text.trim() !== "") return refuse();
    over = true;
    if (waiting > 0) socket.destroy();
    else socket.end();
  });
  socket.on("error", () => socket.destroy());
  socket.on("close", () => client.close());
}

/** Answers what closes it. Errors: `DMN_SOCKET`, `DMN_RUNNING` (the real lock daemon has the socket). */
export async function openLvmServer(
  paths: { readonly socket: string; readonly pidFile: string },
  connect: () => LvmClient,
): Promise<() => Promise<void>> {
  const claim = await claimSocketPath(paths.socket);
  const commands = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    if (commands.size >= COMMANDS_MAX) {
      socket.on("error", () => socket.destroy());
      socket.end(CROWDED);
      socket.resume();
      return;
    }
    commands.add(socket);
    socket.on("close", () => commands.delete(socket));
    serve(socket, connect());
  });
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(paths.socket, resolve);
    });
    mkdirSync(dirname(paths.pidFile), { recursive: true });
    writeFileSync(paths.pidFile, `${process.pid}\n`);
  } catch (error) {
    claim.close();
    throw new OperationError("DMN_SOCKET", `LVM's lock socket ${paths.socket}: ${(error as Error).message}`, {
      cause: error,
    });
  }
  return async () => {
    rmSync(paths.pidFile, { force: true });
    for (const command of commands) command.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    claim.close();
  };
}
