/** One UDP socket to one device: sends, waits for the matching answer, sends again. */
import { createSocket, type Socket } from "node:dgram";
import { isIP } from "node:net";
import type { Millis } from "../../core/ids.ts";
import { type AgentContext, problem, type Result, success } from "../frame/agent.ts";
import { leftMs, nowMs } from "../frame/pace.ts";
import { resolveName } from "../frame/resolve.ts";

/** Units: ms. Waits between sendings: each is twice the one before. */
const RESEND_MS_MIN: Millis = 250;
const RESEND_MS_MAX: Millis = 2_000;
/** "Nobody listens here" may come while a controller restarts; this often, and it is the truth. */
const REFUSALS_MAX = 3;
/** Units: bytes. No answer that concerns us is longer. */
const DATAGRAM_BYTES_MAX = 1_024;

export interface ExchangeOptions<T> {
  /** Makes the datagram; called again for each sending, so that sequence numbers can go on. */
  readonly make: () => Buffer;
  /** Undefined: this is not the answer. */
  readonly match: (bytes: Buffer) => T | undefined;
  /** `once`: what is not idempotent is sent a single time, however long the silence. */
  readonly resend: "safe" | "once";
  /** Units: ms. Silence for that long is a timeout. */
  readonly limitMs: Millis;
}

export interface Wire {
  /** For messages: `192.0.2.7:623`. */
  readonly device: string;
  exchange<T>(options: ExchangeOptions<T>): Promise<Result<T>>;
  /** Nobody waits for an answer. */
  send(bytes: Buffer): void;
  close(): void;
}

export async function openWire(host: string, port: number, context: AgentContext): Promise<Result<Wire>> {
  const device = host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
  const address = await resolveName(host, context);
  if (!address.ok) return address;
  const socket = createSocket(isIP(address.value) === 6 ? "udp6" : "udp4");
  const connected = await connect(socket, address.value, port);
  if (connected !== undefined) {
    socket.close();
    return problem("unreachable", `no way to ${device}: ${connected}`);
  }
  return success(createWire(socket, device, context));
}

function connect(socket: Socket, address: string, port: number): Promise<string | undefined> {
  return new Promise((done) => {
    socket.once("error", (error: NodeJS.ErrnoException) => done(error.code ?? "error"));
    try {
      socket.connect(port, address, () => done(undefined));
    } catch {
      done("impossible port"); // dgram throws for ports out of range.
    }
  });
}

function createWire(socket: Socket, device: string, context: AgentContext): Wire {
  let listener: ((bytes: Buffer) => void) | undefined;
  let onError: ((code: string) => void) | undefined;
  let isOpen = true;
  socket.removeAllListeners("error");
  socket.on("message", (bytes) => {
    if (bytes.length <= DATAGRAM_BYTES_MAX) listener?.(bytes);
  });
  socket.on("error", (error: NodeJS.ErrnoException) => onError?.(error.code ?? "error"));
  const send = (bytes: Buffer): void => {
    if (!isOpen) return;
    socket.send(bytes, (error) => {
      if (error !== null) onError?.((error as NodeJS.ErrnoException).code ?? "error");
    });
  };

  return {
    device,
    send,
    close() {
      if (isOpen) socket.close();
      isOpen = false;
    },
    exchange<T>({ make, match, resend, limitMs }: ExchangeOptions<T>): Promise<Result<T>> {
      return new Promise((resolveWith) => {
        const startedAt = nowMs();
        const budgetMs = Math.min(limitMs, leftMs(context));
        let timer: NodeJS.Timeout | undefined;
        let waitMs = RESEND_MS_MIN;
        let refusals = 0;
        const finish = (result: Result<T>): void => {
          clearTimeout(timer);
          listener = undefined;
          onError = undefined;
          context.signal.removeEventListener("abort", cancel);
          resolveWith(result);
        };
        const cancel = (): void => finish(problem("cancelled", "its time was over, or it was called off"));
        const round = (): void => {
          const remainingMs = budgetMs - (nowMs() - startedAt);
          if (remainingMs <= 0) {
            return finish(
              leftMs(context) <= 0
                ? problem("cancelled", `its time was over while ${device} was silent`)
                : problem("timeout", `no answer from ${device} in ${(budgetMs / 1_000).toFixed(1)} s`),
            );
          }
          send(make());
          timer = setTimeout(
            resend === "safe" ? round : giveUp,
            Math.min(resend === "safe" ? waitMs : budgetMs, remainingMs),
          );
          waitMs = Math.min(waitMs * 2, RESEND_MS_MAX);
        };
        const giveUp = (): void =>
          finish(
            problem(
              "timeout",
              `no answer from ${device} in ${(budgetMs / 1_000).toFixed(1)} s; not sent again`,
            ),
          );
        onError = (code) => {
          refusals++;
          const isFinal = code !== "ECONNREFUSED" || refusals >= REFUSALS_MAX;
          if (isFinal) finish(problem("unreachable", `${device} cannot be reached: ${wordFor(code)}`));
        };
        listener = (bytes) => {
          const found = match(bytes);
          if (found !== undefined) finish(success(found));
        };
        context.signal.addEventListener("abort", cancel);
        if (!isOpen) finish(problem("lost", `the connection to ${device} is closed`));
        else if (context.signal.aborted) cancel();
        else round();
      });
    },
  };
}

function wordFor(code: string): string {
  switch (code) {
    case "ECONNREFUSED":
      return "nobody listens on this port (ECONNREFUSED)";
    case "EHOSTUNREACH":
      return "the host does not answer (EHOSTUNREACH)";
    case "ENETUNREACH":
      return "there is no route (ENETUNREACH)";
    default:
      return code;
  }
}
