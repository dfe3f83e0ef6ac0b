/**
 * One engine in a process of its own, driven over stdin and reported on stdout. Argument: its
 * options as JSON. Lets a test stop, kill and isolate what uses the engine.
 */
import { createInterface } from "node:readline";
import { OperationError } from "../../../src/core/errors.ts";
import type { GroupEngine, GroupHandlers } from "../../../src/ports/group-engine.ts";
import type { ChildCommand, ChildEvent, ChildOptions } from "./events.ts";

const options = JSON.parse(process.argv[2] ?? "") as ChildOptions;
const mark = "bouncer-test ";
let ringId = "";

function report(event: ChildEvent): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

/** Payload: mark, ring and text in a JSON line, then filling. */
function makePayload(text: string, pad: number): Uint8Array {
  const head = Buffer.from(`${mark}${JSON.stringify({ sentIn: ringId, text })}\n`);
  const payload = Buffer.alloc(Math.max(pad, head.length), ".");
  head.copy(payload);
  return payload;
}

function readPayload(payload: Uint8Array): { sentIn: string; text: string } {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.length);
  const line = bytes.subarray(0, 500).toString("utf8").split("\n")[0] ?? "";
  if (line.startsWith(mark)) return JSON.parse(line.slice(mark.length));
  return { sentIn: "", text: bytes.subarray(0, 32).toString("hex") };
}

const handlers: GroupHandlers = {
  onView(view) {
    ringId = view.ringId;
    report({ type: "view", ...view });
  },
  onMessage(from, payload) {
    const { sentIn, text } = readPayload(payload);
    const sender = `${from.nodeId}/${from.processId}`;
    report({ type: "message", from: sender, sentIn, deliveredIn: ringId, text, bytes: payload.length });
  },
  onQuorum: (quorum) => report({ type: "quorum", ...quorum }),
  onLost: (why) => report({ type: "lost", why }),
  onDrain: () => report({ type: "drain" }),
};

function perform(engine: GroupEngine, command: ChildCommand): void {
  switch (command.op) {
    case "send": {
      let accepted = 0;
      while (accepted < command.count) {
        const text = command.count === 1 ? command.text : `${command.text}${accepted}`;
        if (!engine.multicast(makePayload(text, command.pad))) break;
        accepted += 1;
      }
      report({ type: "sent", id: command.id, accepted, refused: command.count - accepted });
      break;
    }
    case "send-raw": {
      const accepted = Number(engine.multicast(Buffer.from(command.hex, "hex")));
      report({ type: "sent", id: command.id, accepted, refused: 1 - accepted });
      break;
    }
    case "veto":
      engine.setShutdownVeto(command.because === null ? undefined : { because: command.because });
      break;
    case "nodes":
      report({ type: "nodes", id: command.id, nodes: engine.nodes() });
      break;
    case "close":
      void engine.close().then(() => {
        report({ type: "closed" });
        process.exit(0);
      });
      break;
  }
}

/** Each engine is loaded alone: Corosync's libraries need not be there for the loopback. */
async function open(): Promise<GroupEngine> {
  if (options.engine === "loopback") {
    const { openLoopbackEngine } = await import("../../../src/adapters/loopback/engine.ts");
    return openLoopbackEngine(options, handlers);
  }
  const { openCorosyncEngine } = await import("../../../src/adapters/corosync/engine.ts");
  return openCorosyncEngine(handlers);
}

try {
  const engine = await open();
  report({ type: "ready", nodeId: engine.nodeId, processId: engine.processId });
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => perform(engine, JSON.parse(line) as ChildCommand));
  lines.on("close", () => process.exit(0)); // The test is gone: do not outlive it.
} catch (error) {
  const code = error instanceof OperationError ? error.code : "";
  report({ type: "failed", code, message: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
}
