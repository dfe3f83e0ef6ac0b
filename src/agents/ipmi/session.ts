/** What both kinds of session have in common: commands that are numbered, sent, matched and judged. */
import type { Millis } from "../../core/ids.ts";
import { type AgentContext, problem, type Result, success } from "../frame/agent.ts";
import { leftMs, pause } from "../frame/pace.ts";
import { BMC_ADDRESS, CONSOLE_ADDRESS, decodeMessage, encodeMessage, type Message } from "./message.ts";
import { completionProblem, TRIES } from "./problems.ts";
import type { Wire } from "./wire.ts";

export const NETFN = { chassis: 0x00, app: 0x06, storage: 0x0a } as const;
export const COMMAND = {
  chassisStatus: 0x01,
  chassisControl: 0x02,
  authCapabilities: 0x38,
  challenge: 0x39,
  activate: 0x3a,
  setPrivilege: 0x3b,
  closeSession: 0x3c,
  systemGuid: 0x37,
  fruInfo: 0x10,
  readFru: 0x11,
} as const;

export interface Command {
  readonly netFn: number;
  readonly command: number;
  readonly data: readonly number[];
  readonly resend: "safe" | "once";
}

/** An open session. Answers are the data behind a completion code of 0. */
export interface Session {
  request(command: Command): Promise<Result<Buffer>>;
  /** Tells the device; bounded by {@link GOODBYE_MS_MAX}. Never rejects. */
  close(): Promise<void>;
}

/** How one kind of session wraps a message, and unwraps it again. */
export interface Envelope {
  wrap(message: Buffer): Buffer;
  /** Undefined: not of this session, or not genuine. */
  unwrap(bytes: Buffer): Buffer | undefined;
  /** As it stands on the wire. */
  readonly id: Buffer;
}

/** Units: ms. */
export const GOODBYE_MS_MAX: Millis = 300;
const BUSY_PAUSE_MS: Millis = 200;
const SEQ_MASK = 0x3f;

/** Exactly one number per command: an answer to an earlier one is never taken for a later one's. */
export function createNumbers(): () => number {
  let seq = 0;
  return () => {
    seq = (seq + 1) & SEQ_MASK;
    return seq;
  };
}

export interface SessionOptions {
  readonly wire: Wire;
  readonly envelope: Envelope;
  readonly context: AgentContext;
  readonly nextNumber: () => number;
  /** Units: ms of silence. */
  readonly limitMs: Millis;
}

export function createSession(options: SessionOptions): Session {
  const { wire, context, envelope, limitMs } = options;

  async function request(command: Command): Promise<Result<Buffer>> {
    for (let tries = 1; ; tries++) {
      const answer = await askOnce(options, command, limitMs);
      if (!answer.ok) return answer;
      const code = answer.value.data.readUInt8(0);
      if (code === 0) return success(answer.value.data.subarray(1));
      const mayRepeat = command.resend === "safe" && tries < (TRIES[code] ?? 0);
      if (!mayRepeat || leftMs(context) <= 0)
        return { ok: false, problem: completionProblem(code, wire.device) };
      await pause(BUSY_PAUSE_MS, context.signal);
    }
  }

  return {
    request,
    async close() {
      const data = [...envelope.id];
      const command: Command = { netFn: NETFN.app, command: COMMAND.closeSession, data, resend: "safe" };
      if (leftMs(context) > 0) await askOnce(options, command, GOODBYE_MS_MAX);
      else wire.send(envelope.wrap(requestBytes(command, options.nextNumber())));
    },
  };
}

/** Any completion code is an answer here. */
export function askOnce(
  { wire, envelope, nextNumber }: Pick<SessionOptions, "wire" | "envelope" | "nextNumber">,
  command: Command,
  limitMs: Millis,
): Promise<Result<Message>> {
  const number = nextNumber();
  const bytes = requestBytes(command, number);
  return wire.exchange({
    make: () => envelope.wrap(bytes),
    match: (datagram) => {
      const inner = envelope.unwrap(datagram);
      const message = inner === undefined ? undefined : decodeMessage(inner);
      return message !== undefined && answers(message, command, number) ? message : undefined;
    },
    resend: command.resend,
    limitMs,
  });
}

function requestBytes({ netFn, command, data }: Command, seq: number): Buffer {
  return encodeMessage({
    to: BMC_ADDRESS,
    from: CONSOLE_ADDRESS,
    netFn,
    seq,
    command,
    data: Buffer.from(data),
  });
}

function answers(message: Message, { netFn, command }: Command, number: number): boolean {
  return (
    message.netFn === netFn + 1 &&
    message.command === command &&
    message.seq === number &&
    message.data.length > 0
  );
}

/** Bytes that must be there: a shorter answer is nonsense, whatever it says. */
export function atLeast(bytes: Buffer, length: number, what: string, wire: Wire): Result<Buffer> {
  if (bytes.length >= length) return success(bytes);
  return problem("protocol", `${wire.device} cut its ${what} short`);
}

/** A new session has the rights of a user; more has to be asked for. Closes it when that is refused. */
export async function raisePrivilege(session: Session, privilege: number): Promise<Result<Session>> {
  const raised = await session.request({
    netFn: NETFN.app,
    command: COMMAND.setPrivilege,
    data: [privilege],
    resend: "safe",
  });
  if (raised.ok) return success(session);
  await session.close();
  return raised;
}
