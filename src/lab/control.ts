/** The socket of a lab that `lab up` left running. Lies in the lab's own file system: root only. */
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { type LineServer, openLineServer } from "../demo/line-server.ts";
import type { Lab } from "./lab.ts";
import { CONTROL_SOCKET, seenFromHost } from "./places.ts";
import type { LabStage } from "./stage.ts";

/** Units: ms. The orderly shutdown of a node is the longest that a request may take. */
const ANSWER_MS_MAX = 60_000;

/** Trouble for one node, by the name of what {@link Stage} calls it. */
export const TROUBLES = [
  "cut",
  "heal",
  "crash",
  "hang",
  "resume",
  "shutdown",
  "on",
  "off",
  "freeze-disk",
  "thaw-disk",
] as const;
export type Trouble = (typeof TROUBLES)[number];

const Request = z.discriminatedUnion("op", [
  z.strictObject({ op: z.enum(["describe", "down"]) }),
  z.strictObject({ op: z.enum(TROUBLES), node: z.string().max(255) }),
]);
export type LabRequest = z.infer<typeof Request>;

const Reply = z.union([
  z.strictObject({
    ok: z.literal(true),
    id: z.string(),
    /** `pid`: of the node's first process, as the host counts it; absent when the power is off. */
    nodes: z.array(z.strictObject({ name: z.string(), pid: z.int().optional() })),
    /** What went wrong in the lab itself so far. */
    problems: z.array(z.string()),
  }),
  z.strictObject({ ok: z.literal(false), problem: z.string() }),
]);
export type LabReply = z.infer<typeof Reply>;

export interface ControlOptions {
  readonly stage: LabStage;
  readonly problems: readonly string[];
  /** Asked to end the lab. */
  readonly onDown: () => void;
}

export function openControl({ stage, problems, onDown }: ControlOptions): Promise<LineServer> {
  const { lab } = stage;
  return openLineServer(seenFromHost(lab.pid, CONTROL_SOCKET), async (raw) => {
    const request = Request.parse(raw);
    if (request.op === "down") onDown();
    else if ("node" in request) await makeTrouble(stage, request.op, request.node);
    return {
      reply: { ok: true, id: lab.id, nodes: await describe(lab), problems: [...problems] } satisfies LabReply,
    };
  });
}

async function describe(lab: Lab) {
  return Promise.all(
    [...lab.nodes.values()].map(async (node) =>
      node.power() === "on" ? { name: node.name, pid: (await node.init()).pid } : { name: node.name },
    ),
  );
}

async function makeTrouble(stage: LabStage, trouble: Trouble, node: string): Promise<void> {
  switch (trouble) {
    case "on":
    case "off":
      return stage.power(node, trouble);
    case "freeze-disk":
      return stage.freezeDisk(node);
    case "thaw-disk":
      return stage.thawDisk(node);
    default:
      return stage[trouble](node);
  }
}

/** Errors: rejects when nobody listens there. */
export async function askLab(labPid: number, request: LabRequest): Promise<LabReply> {
  const socket = connect(seenFromHost(labPid, CONTROL_SOCKET));
  socket.setTimeout(ANSWER_MS_MAX, () => socket.destroy(new Error("the lab does not answer")));
  socket.write(`${JSON.stringify(request)}\n`);
  return Reply.parse(JSON.parse(await text(socket)));
}
