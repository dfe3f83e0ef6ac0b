/**
 * One daemon's locks in a process of their own, on the Corosync of its node: the core, the desk, the file
 * of what is held, the socket. No agents, no disk: an epoch counts as durable at once.
 *
 * Arguments: `serve SOCKET [LOCKS]` takes so many locks and keeps them. `measure SOCKET PARTS` prints figures
 * as one line of JSON and ends. `thaw SOCKET LOCKS`: see thaw.ts.
 */
import { readFileSync } from "node:fs";
import { openCorosyncEngine } from "../../src/adapters/corosync/engine.ts";
import { openHeldLog } from "../../src/adapters/locks/held-log.ts";
import { findProcess, isAlive } from "../../src/adapters/locks/processes.ts";
import { openLocksServer } from "../../src/adapters/locks/server.ts";
import { openClock } from "../../src/adapters/system/clock.ts";
import { encodeMessage } from "../../src/codec/message.ts";
import { bootState } from "../../src/core/boot.ts";
import { nextDeadline } from "../../src/core/deadline.ts";
import type { Effect } from "../../src/core/effects.ts";
import type { Input } from "../../src/core/inputs.ts";
import { EPOCH_NONE } from "../../src/core/ledger.ts";
import type { State } from "../../src/core/state.ts";
import { step } from "../../src/core/step.ts";
import { createFlightRecorder } from "../../src/daemon/flight-recorder.ts";
import { createGroupInputs } from "../../src/daemon/group-inputs.ts";
import { createLockDesk } from "../../src/daemon/lock-desk.ts";
import { createOutbox } from "../../src/daemon/outbox.ts";
import { createRunner } from "../../src/daemon/runner.ts";
import type { GroupEngine } from "../../src/ports/group-engine.ts";
import { configFor } from "../cluster.ts";
import { hold, MEASURED_PARTS, measure, type Rig } from "./measure.ts";
import { measureThaw } from "./thaw.ts";

/** First byte of a message that is no message of the domain: for the raw figures. */
const RAW = 0xff;

const [what = "serve", socketPath = "/run/bouncer/bench-locks.sock", ...more] = process.argv.slice(2);
process.umask(0o077);

const clock = openClock();
let engine: GroupEngine | undefined;
let onRaw = (): void => {};
let onDrain = (): void => {};
const group = createGroupInputs(
  () => process.exit(70),
  () => "",
);
engine = await openCorosyncEngine({
  ...group.handlers,
  onMessage(from, payload) {
    if (payload[0] !== RAW) group.handlers.onMessage(from, payload);
    else if (from.nodeId === engine?.nodeId) onRaw();
  },
  onDrain() {
    group.handlers.onDrain?.();
    onDrain();
  },
});
const { nodeId, processId } = engine;
const own = engine;

const log = openHeldLog(`${socketPath}.held`, "bench");
const desk = createLockDesk({ feed: (input) => runner.feed(input), log, isAlive });
const config = configFor(3);
const boot = {
  nodeId,
  processId,
  incarnation: {
    boot: readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim(),
    start: String(process.pid),
  },
  durable: { epoch: EPOCH_NONE, incidents: [], configs: [] },
  config,
  file: { version: config.version, digest: config.digest },
  holds: [config.digest],
  traits: [],
  join: true,
  held: [],
};
const first = bootState(boot, clock.now());
const recorder = createFlightRecorder(boot, clock.now(), first);
const outbox = createOutbox({ encode: (message) => encodeMessage(message), multicast: own.multicast });
const waiting = new Set<() => void>();
const runner = createRunner(
  first,
  { step, nextDeadline },
  {
    now: clock.now,
    wakeAt: clock.wakeAt,
    record: recorder.record,
    perform,
    onStep: () => {
      for (const look of waiting) look();
    },
    onBroken(error) {
      console.error(error);
      process.exit(70);
    },
  },
);

function perform(effect: Effect): void {
  if (effect.type === "multicast") outbox.send(effect.message);
  else if (effect.type === "log" && effect.level === "error") console.error(effect.code, effect.text);
  else if (effect.type === "lock-events") desk.onEvents(effect.events);
  else if (effect.type === "persist") {
    runner.feed({ type: "persisted", n: effect.epoch.n, proposer: effect.epoch.proposer });
  } else if (effect.type === "exit") process.exit(effect.code);
}

runner.begin();
runner.feed({ type: "guard", inUse: [] });
group.connect({
  feed(input: Input, bytes) {
    if (input.type === "view") outbox.enterRing(input.ringId);
    recorder.weigh(bytes);
    runner.feed(input);
  },
  drain: outbox.drain,
});
await openLocksServer(socketPath, {
  desk,
  identity: () => ({ cluster: "bench", node: `n${nodeId}` }),
  findProcess,
});

function until(holds: (state: State) => boolean): Promise<State> {
  return new Promise((resolve) => {
    const look = (): void => {
      const state = runner.state();
      if (!holds(state)) return;
      waiting.delete(look);
      resolve(state);
    };
    waiting.add(look);
    look();
  });
}

const rig: Rig = {
  desk,
  socketPath,
  multicast(bytes) {
    const payload = new Uint8Array(bytes).fill(RAW);
    return own.multicast(payload);
  },
  onRaw: (listener) => {
    onRaw = listener;
  },
  onDrain: (listener) => {
    onDrain = listener;
  },
};

await until((state) => state.gate.open && state.ledger.epoch.members.length === 3);
if (what === "measure") {
  const parts = MEASURED_PARTS.filter((part) => more[0]?.split(",").includes(part));
  process.stdout.write(`${JSON.stringify(await measure(rig, parts))}\n`);
  process.exit(0);
} else if (what === "thaw") {
  await hold(desk, Number(more[0]), (n) => `stays ${n}`);
  await measureThaw({ until, feed: runner.feed, now: () => performance.now() }, Number(more[0]));
  process.exit(0);
} else if (more[0] !== undefined) await hold(desk, Number(more[0]), (n) => `goes ${n}`);
