/** QEMU's monitor: one command, one answer, in lines of JSON. Source: QEMU's docs/interop/qmp-spec. */
import { connect, type Socket } from "node:net";
import type { Millis } from "../../core/ids.ts";
import { type AgentContext, type AgentProblem, problem, type Result, success } from "../frame/agent.ts";
import { resolveName } from "../frame/resolve.ts";
import { type Json, objectOf, parseJson, textOf } from "../redfish/json.ts";
import { within } from "../tls/limit.ts";

/** Units: characters of one line, and lines that are no answer before one that is. */
const LINE_LENGTH_MAX = 64 * 1_024;
const EVENTS_MAX = 256;

export type QmpAddress =
  | { readonly type: "socket"; readonly path: string }
  | { readonly type: "port"; readonly host: string; readonly port: number };

export interface Qmp {
  /** What is behind `return`. After any problem the connection is gone, and the next call makes a new one. */
  execute(command: string): Promise<Result<unknown>>;
  /** The last problem was that nobody listens at a socket of this machine. */
  isAbsent(): boolean;
  close(): void;
}

export function createQmp(address: QmpAddress, answerMs: Millis, context: AgentContext): Qmp {
  let open: Connection | undefined;
  let isAbsent = false;

  function drop(): void {
    open?.socket.destroy();
    open = undefined;
  }

  async function connected(): Promise<Result<Connection>> {
    if (open !== undefined) return success(open);
    const where = await placeOf(address, context);
    if (!where.ok) return where;
    const fresh = createConnection(where.value, address);
    open = fresh;
    const greeting = await fresh.next((json) => objectOf(json["QMP"]), "its greeting", answerMs, context);
    if (!greeting.ok) return failed(greeting);
    const agreed = await ask(fresh, "qmp_capabilities");
    return agreed.ok ? success(fresh) : failed(agreed);
  }

  function failed(result: { readonly ok: false; readonly problem: AgentProblem }): typeof result {
    drop();
    isAbsent = address.type === "socket" && result.problem.kind === "missing";
    return result;
  }

  async function ask(connection: Connection, command: string): Promise<Result<unknown>> {
    const id = connection.send(command);
    const answer = await connection.next(
      (json) => (json["id"] === id ? json : undefined),
      command,
      answerMs,
      context,
    );
    if (!answer.ok) return answer;
    if (Object.hasOwn(answer.value, "return")) return success(answer.value["return"]);
    const error = objectOf(answer.value["error"]);
    if (error === undefined) return problem("protocol", `${command}: neither an answer nor an error`);
    const said = (textOf(error["desc"]) ?? "no reason").replace(/[^\x20-\x7e]+/g, " ").slice(0, 160);
    return problem(
      textOf(error["class"]) === "CommandNotFound" ? "unsupported" : "refused",
      `${command}: ${said}`,
    );
  }

  return {
    async execute(command) {
      const connection = await connected();
      if (!connection.ok) return connection;
      const answer = await ask(connection.value, command);
      return answer.ok ? answer : failed(answer);
    },
    isAbsent: () => isAbsent,
    close: drop,
  };
}

interface Connection {
  readonly socket: Socket;
  send(command: string): string;
  /** The first line that `want` takes; events and answers to nothing are passed over. */
  next<T>(
    want: (json: Json) => T | undefined,
    what: string,
    answerMs: Millis,
    context: AgentContext,
  ): Promise<Result<T>>;
}

function createConnection(
  where: { path: string } | { host: string; port: number },
  address: QmpAddress,
): Connection {
  const socket = connect(where);
  const lines: Json[] = [];
  let text = "";
  let sent = 0;
  let ended: AgentProblem | undefined;
  let wake = (): void => {};
  const end = (reason: AgentProblem): void => {
    ended ??= reason;
    socket.destroy();
    wake();
  };
  socket.setEncoding("utf8");
  socket.on("data", (part: string) => {
    text += part;
    const parts = text.split("\n");
    text = parts.pop() ?? "";
    if (text.length > LINE_LENGTH_MAX) return end(nonsense("a line without an end"));
    for (const line of parts) {
      if (line.trim() === "") continue;
      const json = line.length > LINE_LENGTH_MAX ? undefined : parseJson(line);
      if (json === undefined) return end(nonsense("a line that is no JSON object"));
      if (lines.length >= EVENTS_MAX) return end(nonsense("too many events"));
      lines.push(json);
    }
    wake();
  });
  socket.on("error", (error: NodeJS.ErrnoException) => end(whyNot(error.code ?? "error", address)));
  socket.on("close", () => end({ kind: "lost", detail: "QEMU's monitor ended the connection" }));

  return {
    socket,
    send(command) {
      const id = `bouncer-${++sent}`;
      socket.write(`${JSON.stringify({ execute: command, id })}\n`);
      return id;
    },
    next: (want, what, answerMs, context) =>
      within(answerMs, context, async (limit) => {
        const stop = (): void => wake();
        limit.signal.addEventListener("abort", stop);
        try {
          // Ends: with the answer, with the connection, or with the time.
          for (;;) {
            for (let json = lines.shift(); json !== undefined; json = lines.shift()) {
              const found = want(json);
              if (found !== undefined) return success(found);
            }
            if (ended !== undefined) return { ok: false, problem: ended };
            if (limit.signal.aborted) return limit.problem(`${what} (QEMU's monitor talks to one at a time)`);
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          }
        } finally {
          limit.signal.removeEventListener("abort", stop);
        }
      }),
  };
}

async function placeOf(
  address: QmpAddress,
  context: AgentContext,
): Promise<Result<{ path: string } | { host: string; port: number }>> {
  if (address.type === "socket") return success({ path: address.path });
  const host = await resolveName(address.host, context);
  return host.ok ? success({ host: host.value, port: address.port }) : host;
}

/** Of a socket of this machine it is known whether a process listens at it. */
function whyNot(code: string, address: QmpAddress): AgentProblem {
  const isGone = address.type === "socket" && (code === "ENOENT" || code === "ECONNREFUSED");
  if (isGone) return { kind: "missing", detail: `no QEMU listens at ${address.path} (${code})` };
  const privilege = code === "EACCES" || code === "EPERM";
  if (privilege) return { kind: "privilege", detail: `QEMU's monitor is closed to us (${code})` };
  if (code === "ECONNRESET" || code === "EPIPE")
    return { kind: "lost", detail: `QEMU's monitor is gone (${code})` };
  return { kind: "unreachable", detail: `QEMU's monitor cannot be reached (${code})` };
}

function nonsense(what: string): AgentProblem {
  return { kind: "protocol", detail: `QEMU's monitor: ${what}` };
}
