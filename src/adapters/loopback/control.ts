/** Makes trouble at a running hub: cut and heal links, crash nodes, look at the truth. */
import { connect } from "node:net";
import { OperationError } from "../../core/errors.ts";
import type { NodeId } from "../../core/ids.ts";
import { createFrameReader, writeFrame } from "./frame.ts";
import {
  type ControlReply,
  type ControlRequest,
  decodeStamped,
  FRAME,
  formatJson,
  type HubState,
  parseControlReply,
} from "./protocol.ts";

/** A hub that does not answer in this time hangs. */
const REPLY_MS_MAX = 5_000;

/** Every wire of a node, or one direction of one wire. */
export type LinkTarget = { readonly node: NodeId } | { readonly from: NodeId; readonly to: NodeId };

/** Errors: every function rejects with CLU_UNAVAILABLE when the hub is gone, REQ_INVALID when it refuses. */
export interface HubControl {
  cut(target: LinkTarget): Promise<HubState>;
  heal(target: LinkTarget): Promise<HubState>;
  /** Nodes in no group form one of their own. */
  split(groups: readonly (readonly NodeId[])[]): Promise<HubState>;
  healAll(): Promise<HubState>;
  /** The node loses power: to be called right before its processes are killed. */
  crash(node: NodeId): Promise<HubState>;
  state(): Promise<HubState>;
  /** Asks the hub to end in order. Refused while a daemon vetoes it. */
  shutdown(): Promise<HubState>;
  close(): void;
}

interface Waiting {
  readonly resolve: (state: HubState) => void;
  readonly reject: (error: OperationError) => void;
  readonly limit: NodeJS.Timeout;
}

export async function connectHubControl(path: string): Promise<HubControl> {
  const socket = connect(path);
  /** Replies come in the order of the requests. */
  const waiting: Waiting[] = [];

  function end(why: string): void {
    socket.destroy();
    for (const { reject, limit } of waiting.splice(0)) {
      clearTimeout(limit);
      reject(new OperationError("CLU_UNAVAILABLE", `loopback hub at ${path}: ${why}`));
    }
  }

  function onReply(body: Buffer): void {
    const reply: ControlReply = parseControlReply(decodeStamped(body).rest);
    const first = waiting.shift();
    if (first === undefined) return;
    clearTimeout(first.limit);
    if (reply.ok) first.resolve(reply.state);
    else first.reject(new OperationError("REQ_INVALID", reply.problem));
  }

  const feed = createFrameReader((type, body) => {
    if (type === FRAME.reply) onReply(body);
    else end(`frame type ${type} instead of a reply`);
  });
  socket.on("data", (chunk: Buffer) => {
    try {
      feed(chunk);
    } catch (error) {
      end(error instanceof Error ? error.message : String(error));
    }
  });

  await new Promise<void>((resolve, reject) => {
    socket.once("connect", () => resolve());
    socket.on("error", (error) => {
      reject(new OperationError("CLU_UNAVAILABLE", `no loopback hub at ${path}: ${error.message}`));
      end(error.message);
    });
    socket.on("close", () => end("closed"));
  });

  function ask(request: ControlRequest): Promise<HubState> {
    return new Promise((resolve, reject) => {
      if (socket.destroyed) {
        return reject(new OperationError("CLU_UNAVAILABLE", `loopback hub at ${path}: closed`));
      }
      const limit = setTimeout(() => end("no answer"), REPLY_MS_MAX);
      waiting.push({ resolve, reject, limit });
      writeFrame(socket, FRAME.control, formatJson(request));
    });
  }

  function change(verb: "cut" | "heal", target: LinkTarget): Promise<HubState> {
    if ("node" in target) return ask({ op: `${verb}-node`, node: target.node });
    return ask({ op: `${verb}-link`, from: target.from, to: target.to });
  }

  return {
    cut: (target) => change("cut", target),
    heal: (target) => change("heal", target),
    split: (groups) => ask({ op: "split", groups: groups.map((group) => [...group]) }),
    healAll: () => ask({ op: "heal-all" }),
    crash: (node) => ask({ op: "crash", node }),
    state: () => ask({ op: "state" }),
    shutdown: () => ask({ op: "shutdown" }),
    close: () => end("closed by us"),
  };
}
