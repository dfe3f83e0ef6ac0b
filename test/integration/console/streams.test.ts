import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { get } from "node:https";
import { type TestContext, test } from "node:test";
import { createSseParser } from "../../../src/adapters/http/sse-parser.ts";
import type { WireEvent } from "../../../src/api/client.ts";
import { openRig, type Rig, STATUS } from "./rig.ts";

function log(count: number, text = `line ${count}`) {
  return { type: "log", id: `run-${count}`, data: { at: 1, level: "info", code: "x", text } } as const;
}

interface Reading {
  readonly events: WireEvent[];
  until(holds: (events: readonly WireEvent[]) => boolean): Promise<void>;
  readonly response: IncomingMessage;
}

async function read(t: TestContext, rig: Rig, headers: Record<string, string>): Promise<Reading> {
  const events: WireEvent[] = [];
  const waiting = new Set<() => void>();
  const parse = createSseParser();
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const options = { headers, rejectUnauthorized: false, agent: false as const };
    get(`${rig.console.origin}v1/events`, options, resolve).on("error", reject);
  });
  response.setEncoding("utf8").on("data", (chunk: string) => {
    events.push(...parse(chunk));
    for (const look of waiting) look();
  });
  response.on("error", () => {});
  t.after(() => response.destroy());
  return {
    events,
    response,
    until: (holds) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!holds(events)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
  };
}

const texts = (events: readonly WireEvent[]): string[] =>
  events.filter(({ type }) => type === "log").map(({ data }) => JSON.parse(data).text as string);

/** Until the console hears the daemon: only then what the daemon says goes through. */
async function live(t: TestContext, rig: Rig, headers: Record<string, string>): Promise<Reading> {
  const reading = await read(t, rig, headers);
  await reading.until((events) => events.some(({ data }) => data.includes('"daemon":"live"')));
  return reading;
}

test("a reader that comes back gets what it missed, and is told what is lost", async (t) => {
  const rig = await openRig(t);
  const headers = await rig.signedIn("viewer");
  const first = await live(t, rig, headers);
  for (const count of [1, 2, 3, 4]) rig.publish(log(count));
  await first.until((events) => texts(events).length === 4);

  const back = await read(t, rig, { ...headers, "last-event-id": "run-2" });
  await back.until((events) => events.some(({ type }) => type === "pulse"));
  assert.deepEqual(texts(back.events), ["line 3", "line 4"]);
  assert.ok(!back.events.some(({ type }) => type === "gap"));

  const foreign = await read(t, rig, { ...headers, "last-event-id": "other-9" });
  await foreign.until((events) => events.some(({ type }) => type === "pulse"));
  assert.equal(foreign.events[0]?.type, "gap");
  assert.equal(texts(foreign.events).length, 4);
});

test("every reader sees the status first, and pulses that say whether the daemon lives", async (t) => {
  const rig = await openRig(t);
  const headers = await rig.signedIn("viewer");
  const reading = await live(t, rig, headers);
  const status = reading.events.find(({ type }) => type === "status");
  assert.equal(JSON.parse(status?.data ?? "{}").cluster, STATUS.cluster);
  await rig.stopDaemon();
  await reading.until((events) => events.some(({ data }) => data.includes('"daemon":"lost"')));
});

test("a reader that does not read loses lines and nobody waits for it", async (t) => {
  const rig = await openRig(t);
  const headers = await rig.signedIn("viewer");
  const quick = await live(t, rig, headers);
  const slow = await live(t, rig, headers);
  slow.response.pause();
  const long = "x".repeat(20_000);
  const COUNT = 900;
  for (let count = 1; count <= COUNT; count++) {
    rig.publish(log(count, `${long}${count}`));
    if (count % 5 === 0)
      await quick.until((events) => events.filter(({ type }) => type === "log").length === count);
  }
  assert.equal(texts(quick.events).length, COUNT);
  slow.response.resume();
  await slow.until((events) => events.some(({ type }) => type === "gap"));
  assert.ok(texts(slow.events).length < COUNT, "it was kept waiting for everything");
});
