/**
 * What hub and engine say to each other. Both ends validate: a body that does not fit is a
 * {@link FrameError}, and ends the connection, never the process.
 */
import { z } from "zod";
import type { NodeId, ProcessRef } from "../../core/ids.ts";
import { FrameError } from "./frame.ts";

/** Frame types. From the engine (or a control client) below 64, from the hub above. */
export const FRAME = {
  hello: 1,
  multicast: 2,
  pong: 3,
  resync: 4,
  leave: 5,
  veto: 6,
  control: 7,
  welcome: 65,
  refused: 66,
  view: 67,
  message: 68,
  ping: 69,
  resynced: 70,
  bye: 71,
  reply: 72,
} as const;

/** Raised with every change of a frame. */
export const PROTOCOL_VERSION = 1;

/** Own messages that are on their way. The engine refuses more; the hub ends who sends more. */
export const WINDOW = { messagesMax: 256, bytesMax: 4 * 1024 * 1024 } as const;

/** Processes and nodes that one hub serves. */
export const PROCESSES_MAX = 64;

const nodeId = z.int().min(1).max(0xffff_ffff);
const processId = z.string().min(1).max(64);
const votes = z.int().min(0).max(255);
const process = z.strictObject({ nodeId, processId });
const text = z.string().max(1000);

const Hello = z.strictObject({
  version: z.literal(PROTOCOL_VERSION),
  nodeId,
  processId,
  votes,
  expectedVotes: z.int().min(1).max(10_000),
  twoNode: z.boolean(),
});
export type Hello = z.infer<typeof Hello>;

const Welcome = z.strictObject({ tokenMs: z.int().min(20).max(600_000) });
const Refused = z.strictObject({ problem: text });
const Veto = z.strictObject({ because: text.nullable() });

const HubView = z.strictObject({
  ringId: z.string().min(1).max(100),
  members: z.array(process).min(1).max(PROCESSES_MAX),
  joined: z.array(process).max(PROCESSES_MAX),
  left: z
    .array(process.extend({ reason: z.enum(["leave", "node-down", "process-down"]) }))
    .max(2 * PROCESSES_MAX),
  quorate: z.boolean(),
  quorumVotes: z.int().min(1),
  /** Every multicast of the receiver up to this number is delivered or dropped. */
  settledSeq: z.int().min(0),
});
export type HubView = z.infer<typeof HubView>;

const ControlRequest = z.discriminatedUnion("op", [
  z.strictObject({ op: z.enum(["cut-link", "heal-link"]), from: nodeId, to: nodeId }),
  z.strictObject({ op: z.enum(["cut-node", "heal-node", "crash"]), node: nodeId }),
  z.strictObject({ op: z.literal("split"), groups: z.array(z.array(nodeId).max(64)).min(1).max(64) }),
  z.strictObject({ op: z.enum(["heal-all", "state", "shutdown"]) }),
]);
export type ControlRequest = z.infer<typeof ControlRequest>;

const HubState = z.strictObject({
  tokenMs: z.int(),
  processes: z.array(
    process.extend({
      presence: z.enum(["up", "silent", "crashed"]),
      ringId: z.string(),
      quorate: z.boolean(),
    }),
  ),
  /** Ordered pairs that are cut. */
  cutLinks: z.array(z.tuple([nodeId, nodeId])),
  cutNodes: z.array(nodeId),
});
/** The truth as the hub knows it. */
export type HubState = z.infer<typeof HubState>;

const ControlReply = z.union([
  z.strictObject({ ok: z.literal(true), state: HubState }),
  z.strictObject({ ok: z.literal(false), problem: text }),
]);
export type ControlReply = z.infer<typeof ControlReply>;

export const parseHello = parser("hello", Hello);
export const parseWelcome = parser("welcome", Welcome);
export const parseRefused = parser("refused", Refused);
export const parseVeto = parser("veto", Veto);
export const parseHubView = parser("view", HubView);
export const parseControlRequest = parser("control request", ControlRequest);
export const parseControlReply = parser("control reply", ControlReply);

function parser<T>(what: string, schema: z.ZodType<T>): (body: Buffer) => T {
  return (body) => {
    let value: unknown;
    try {
      value = JSON.parse(body.toString("utf8"));
    } catch (cause) {
      throw new FrameError(`${what}: no JSON`, { cause });
    }
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    throw new FrameError(`${what}: ${z.prettifyError(result.error).replaceAll("\n", " ")}`);
  };
}

export function formatJson(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value), "utf8");
}

export function encodeNumber(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value, 0);
  return bytes;
}

export function decodeNumber(body: Buffer): number {
  if (body.length !== 4) throw new FrameError(`number of ${body.length} bytes`);
  return body.readUInt32BE(0);
}

/** Multicast, engine to hub: seq (u32), payload. `seq` counts from 1 within one connection. */
export function decodeMulticast(body: Buffer): { seq: number; payload: Uint8Array } {
  if (body.length < 4) throw new FrameError("multicast without a number");
  return { seq: body.readUInt32BE(0), payload: body.subarray(4) };
}

/** Header of a delivery, hub to engine: node id (u32), length of the process id (u8), process id. */
export function encodeMessageHeader(from: ProcessRef): Buffer {
  const id = Buffer.from(from.processId, "utf8");
  const header = Buffer.allocUnsafe(5 + id.length);
  header.writeUInt32BE(from.nodeId, 0);
  header.writeUInt8(id.length, 4);
  id.copy(header, 5);
  return header;
}

export function decodeMessage(body: Buffer): { from: ProcessRef; payload: Uint8Array } {
  if (body.length < 5) throw new FrameError("message without a header");
  const end = 5 + body.readUInt8(4);
  if (body.length < end) throw new FrameError("message with a cut header");
  const from = { nodeId: body.readUInt32BE(0) as NodeId, processId: body.toString("utf8", 5, end) };
  // A copy: the receiver may keep it, and the chunk that it lies in is larger.
  return { from, payload: new Uint8Array(body.subarray(end)) };
}

/**
 * Every frame from the hub begins with the instant at which it was written. CLOCK_MONOTONIC is one
 * clock for all processes of a machine, so the engine sees how long a frame has waited for it.
 */
export const STAMP_BYTES = 8;

/** Units: milliseconds of CLOCK_MONOTONIC, the same on both ends. */
export function machineNow(): number {
  return Number(globalThis.process.hrtime.bigint() / 1000n) / 1000;
}

export function encodeStamp(): Buffer {
  const bytes = Buffer.allocUnsafe(STAMP_BYTES);
  bytes.writeDoubleBE(machineNow(), 0);
  return bytes;
}

export function decodeStamped(body: Buffer): { writtenAt: number; rest: Buffer } {
  if (body.length < STAMP_BYTES) throw new FrameError("frame without a stamp");
  return { writtenAt: body.readDoubleBE(0), rest: body.subarray(STAMP_BYTES) };
}
