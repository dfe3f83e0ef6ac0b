import assert from "node:assert/strict";
import { test } from "node:test";
import { bootState } from "../core/boot.ts";
import { type ClusterConfig, FENCE_DAEMON_DEFAULTS } from "../core/config.ts";
import type { Effect } from "../core/effects.ts";
import type { Now } from "../core/ids.ts";
import type { Boot, Input } from "../core/inputs.ts";
import { EPOCH_NONE } from "../core/ledger.ts";
import type { State } from "../core/state.ts";
import { step } from "../core/step.ts";
import { formatFlightJson, parseFlightJson } from "./flight-json.ts";
import { createFlightRecorder, SEGMENT_INPUTS_MAX } from "./flight-recorder.ts";
import { type ReplayCore, type Replayed, type ReplayOptions, readFlight, replayLines } from "./replay.ts";

const config: ClusterConfig = {
  name: "c",
  version: 1,
  digest: "d",
  twoNode: false,
  nodes: [{ id: 1, name: "n1", votes: 1, altnames: [], methods: [], unfence: [], line: 1 }],
  fenceDaemon: FENCE_DAEMON_DEFAULTS,
};
const boot: Boot = {
  nodeId: 1,
  processId: "p",
  incarnation: { boot: "b", start: "s" },
  durable: { epoch: EPOCH_NONE, incidents: [], configs: [] },
  config,
  file: { version: config.version, digest: config.digest },
  holds: [config.digest],
  traits: [],
  join: true,
};
const self = { nodeId: 1, processId: "p" };

/** A daemon alone in its cluster: its own messages come back, its disk answers, its gate opens. */
function live(extraInputs: number) {
  let now: Now = { mono: 10, wall: 1_000 };
  const first = bootState(boot, now);
  const recorder = createFlightRecorder(boot, now, first);
  let state: State = first.state;
  const done: Effect[] = [...first.effects];
  const queue: Input[] = [
    { type: "guard", inUse: [] },
    { type: "view", ringId: "r1", members: [self], joined: [self], left: [] },
    { type: "quorum", ringId: "r1", quorate: true, quorumVotes: 1, ownVotes: 1 },
  ];
  const extra = Array.from({ length: extraInputs }, (): Input => ({ type: "tick" }));
  for (let input = queue.shift(); input !== undefined; input = queue.shift() ?? extra.shift()) {
    now = { mono: now.mono + 1, wall: now.wall + 1 };
    const entry = recorder.record(input, now, state);
    const next = step(state, input, now);
    entry.done(next.effects);
    state = next.state;
    done.push(...next.effects);
    for (const effect of next.effects) {
      if (effect.type === "multicast") queue.push({ type: "deliver", from: self, message: effect.message });
      if (effect.type === "persist") {
        queue.push({ type: "persisted", n: effect.epoch.n, proposer: effect.epoch.proposer });
      }
    }
  }
  return { recorder, state, done };
}

function played(lines: readonly string[], core: ReplayCore, options?: ReplayOptions): Replayed {
  return replayLines(readFlight(`${lines.join("\n")}\n`), core, options);
}

test("a record replays to the same effects and the same state", () => {
  const { recorder, state, done } = live(0);
  assert.ok(
    done.some((effect) => effect.type === "thaw"),
    "the run comes to something",
  );
  const replayed = played(recorder.lines(), { bootState, step });
  assert.deepEqual(replayed.differences, []);
  assert.equal(formatFlightJson(replayed.state), formatFlightJson(state));
});

test("a record whose beginning fell out of the ring goes on from a state", () => {
  const { recorder, state } = live(2 * SEGMENT_INPUTS_MAX + 10);
  const lines = recorder.lines();
  assert.ok(lines.length <= 2 * SEGMENT_INPUTS_MAX + 2, `${lines.length} lines`);
  assert.match(lines[0] ?? "", /^\{"type":"boot"/);
  assert.match(lines[1] ?? "", /^\{"type":"state"/);
  const replayed = played(lines, { bootState, step });
  assert.deepEqual(replayed.differences, []);
  assert.equal(formatFlightJson(replayed.state), formatFlightJson(state));
});

test("a core that decides otherwise is found out, with the line", () => {
  const lines = live(0).recorder.lines();
  const otherwise: typeof step = (state, input, now) => {
    const next = step(state, input, now);
    return { ...next, effects: next.effects.filter((effect) => effect.type !== "thaw") };
  };
  const { differences } = played(lines, { bootState, step: otherwise });
  assert.equal(differences.length, 1);
  assert.match(differences[0]?.recorded ?? "", /thaw/);
  assert.equal(differences[0]?.input?.type, "deliver");
  assert.match(JSON.parse(lines[(differences[0]?.line ?? 0) - 1] ?? "").type, /input/);
});

test("what is only said counts, unless only decisions are compared", () => {
  const lines = live(0).recorder.lines();
  const silent: typeof step = (state, input, now) => {
    const next = step(state, input, now);
    return { ...next, effects: next.effects.filter((effect) => effect.type !== "log") };
  };
  const core = { bootState, step: silent };
  assert.ok(played(lines, core).differences.length > 0);
  assert.deepEqual(played(lines, core, { compare: "decisions" }).differences, []);
});

test("what is no flight record is refused, with its line", () => {
  assert.throws(() => readFlight('{"type":"boot"}\nx\n'), /line 2 is no JSON/);
  assert.throws(() => played(["{}"], { bootState, step }), /no flight record of this version/);
});

test("the input that broke the core is the last line, and replays to the same end", () => {
  const { recorder, state } = live(0);
  recorder.record({ type: "lost", why: "boom" }, { mono: 9_999, wall: 9_999 }, state);
  const failing: typeof step = (before, input, now) => {
    if (input.type === "lost") throw new Error("broken");
    return step(before, input, now);
  };
  const { thrown } = played(recorder.lines(), { bootState, step: failing });
  assert.match(String(thrown), /broken/);
});

test("maps, sets and infinities survive, nested too", () => {
  const value = { a: new Map([["k", new Set([1, 2])]]), b: [Number.POSITIVE_INFINITY], c: "x" };
  assert.deepEqual(parseFlightJson(formatFlightJson(value)), value);
});
