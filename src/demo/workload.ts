/**
 * `workload.ts --node NAME --id N --socket PATH --shared FILE --pid-file FILE`: what runs on a node and
 * needs the shared storage. Appends a line every few milliseconds, only while the local daemon says that
 * the gate is open, and stops at once when it says otherwise or is gone. Line format: src/stories.
 */
import { closeSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { parseArgs } from "node:util";
import { openUnixTransport } from "../adapters/http/unix-client.ts";
import { createClient } from "../api/client.ts";
import type { StatusView } from "../core/view/types.ts";
import { formatLine, type SharedLine } from "../stories/shared-file.ts";

const WRITE_EVERY_MS = 20;
/** Pause before the daemon is asked again after it did not answer. */
const RETRY_MS = 100;

const { values } = parseArgs({
  options: {
    node: { type: "string" },
    id: { type: "string" },
    socket: { type: "string" },
    shared: { type: "string" },
    "pid-file": { type: "string" },
  },
});

function option(name: keyof typeof values): string {
  const value = values[name];
  if (value !== undefined && value !== "") return value;
  process.stderr.write(`workload: --${name} is missing\n`);
  process.exit(2);
}

const node = option("node");
const nodeId = Number(option("id"));
const pidFile = option("pid-file");
const shared = openSync(option("shared"), "a", 0o600);
const client = createClient(openUnixTransport(option("socket")));

/** Set exactly while this node may write. */
let permit:
  | { readonly epoch: number; readonly members: readonly number[]; readonly boot: string }
  | undefined;
let sequence = 0;
let holdsFile = false;

function onStatus(status: StatusView): void {
  if (!status.joined || status.expelled || status.gate !== "open") {
    if (permit !== undefined) append("hold");
    permit = undefined;
    return;
  }
  if (!holdsFile) {
    // Before the first write: from now on this node is not clean.
    writeFileSync(pidFile, `${process.pid}\n`, { mode: 0o600 });
    holdsFile = true;
  }
  const boot = status.nodes.find((other) => other.id === nodeId)?.incarnation?.boot ?? "unknown";
  permit = { epoch: status.epoch, members: status.domain.members, boot };
}

function write(): void {
  if (permit === undefined) return;
  sequence += 1;
  append(sequence);
}

function append(what: SharedLine["sequence"]): void {
  if (permit === undefined) return;
  const mark = Number(process.hrtime.bigint() / 1_000n) / 1_000;
  writeSync(shared, formatLine({ mark, nodeId, node, sequence: what, ...permit }));
}

async function follow(): Promise<never> {
  for (;;) {
    try {
      for await (const event of client.events()) if (event.type === "status") onStatus(event.data);
    } catch {
      // The daemon is gone or not there yet: without its word nobody writes.
    }
    permit = undefined;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

process.once("SIGTERM", () => {
  permit = undefined;
  closeSync(shared);
  if (holdsFile) rmSync(pidFile, { force: true });
  process.exit(0);
});
setInterval(write, WRITE_EVERY_MS);
await follow();
