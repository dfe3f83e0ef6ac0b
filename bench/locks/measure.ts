/** The figures of one node's locks, each beside the raw figure of the same process. */
import { spawn } from "node:child_process";
import type { LockDesk, LockWish } from "../../src/ports/lock-desk.ts";

export interface Rig {
  readonly desk: LockDesk;
  readonly socketPath: string;
  /** So many bytes to everybody; false: not now. */
  multicast(bytes: number): boolean;
  /** Called for every own message that was delivered. */
  onRaw(listener: () => void): void;
  onDrain(listener: () => void): void;
}

/** What one process measures by itself, in this order. */
export const MEASURED_PARTS = ["pairs", "grants", "again", "socket", "many"] as const;

type MeasuredPart = (typeof MEASURED_PARTS)[number];

/** Units: messages, pairs or grants per second; ms; MB. Absent: was not asked for. */
export interface LockFigures {
  readonly pairs?: { readonly raw: readonly number[]; readonly ours: readonly number[] };
  readonly grants?: { readonly raw: readonly number[]; readonly ours: readonly number[] };
  /** `cpuRate`: per second of this process's own processor time. */
  readonly again?: { readonly rate: number; readonly cpuRate: number };
  readonly socket?: number;
  /** `process`: all of it, before and after. */
  readonly many?: { readonly heap: number; readonly process: readonly [number, number] };
}

/** Bytes of a message with one request. */
const RAW_BYTES = 200;
const RAW_COUNT = 10_000;
const PAIRS = 10_000;
/** Locks asked for and not yet given back, in the pipelined runs. */
const WINDOW = 2_000;
const TRIPS = 300;
const AGAIN = 100_000;
const MANY = 100_000;
const ROUNDS = 3;

export async function measure(rig: Rig, parts: readonly MeasuredPart[]): Promise<LockFigures> {
  await rawRate(rig, 2_000);
  await pairRate(rig.desk, 5_000);
  let figures: LockFigures = {};
  for (const part of parts) figures = { ...figures, [part]: await measures[part](rig) };
  return figures;
}

const measures: { readonly [P in MeasuredPart]: (rig: Rig) => Promise<LockFigures[P]> } = {
  async pairs(rig) {
    const raw: number[] = [];
    const ours: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      raw.push(await rawRate(rig, RAW_COUNT));
      ours.push(await pairRate(rig.desk, PAIRS));
    }
    return { raw, ours };
  },
  async grants(rig) {
    const raw: number[] = [];
    const ours: number[] = [];
    // One at a time is another path than many at once: until it is compiled, that is what would be measured.
    for (let trip = 0; trip < TRIPS; trip++) await oneGrant(rig.desk, `warm ${trip}`);
    for (let trip = 0; trip < TRIPS; trip++) {
      raw.push(await rawTrip(rig));
      ours.push(await oneGrant(rig.desk, `trip ${trip}`));
    }
    return { raw, ours };
  },
  again: (rig) => againInProcess(rig.desk),
  socket: (rig) => againThroughSocket(rig.socketPath),
  async many(rig) {
    const before = megabytes();
    await hold(rig.desk, MANY, (n) => `many ${n}`);
    const after = megabytes();
    return { heap: after.heap - before.heap, process: [before.resident, after.resident] };
  },
};

function perSecond(count: number, begun: number): number {
  return (count * 1_000) / (performance.now() - begun);
}

function rawRate(rig: Rig, count: number): Promise<number> {
  return new Promise((resolve) => {
    let sent = 0;
    let heard = 0;
    const begun = performance.now();
    const send = (): void => {
      while (sent < count && rig.multicast(RAW_BYTES)) sent++;
    };
    rig.onDrain(send);
    rig.onRaw(() => {
      heard++;
      if (heard === count) resolve(perSecond(count, begun));
    });
    send();
  });
}

function rawTrip(rig: Rig): Promise<number> {
  return new Promise((resolve) => {
    const begun = performance.now();
    rig.onRaw(() => resolve(performance.now() - begun));
    rig.multicast(RAW_BYTES);
  });
}

/** Persistent locks are not kept: each goes to the others and comes back. */
const wishFor = (name: string, more: Partial<LockWish> = {}): LockWish => ({
  lockspace: "bench",
  name,
  mode: "EX",
  owner: "bench (pid 1)",
  ...more,
});

/** Locks and gives back `count` times, `WINDOW` of them at once. */
function pairRate(desk: LockDesk, count: number): Promise<number> {
  return inWindow(desk, count, WINDOW, (slot) => wishFor(`pair ${slot}`, { persistent: true }));
}

function inWindow(
  desk: LockDesk,
  count: number,
  window: number,
  wish: (slot: number) => LockWish,
): Promise<number> {
  return new Promise((resolve) => {
    let begun = 0;
    let done = 0;
    const start = performance.now();
    const next = (slot: number): void => {
      if (begun === count) return;
      begun++;
      const id = desk.lock(wish(slot), undefined, (event) => {
        if (event.type === "granted") desk.unlock(id);
        if (event.type !== "released") return;
        done++;
        if (done === count) resolve(perSecond(count, start));
        else next(slot);
      });
    };
    for (let slot = 0; slot < window; slot++) next(slot);
  });
}

function oneGrant(desk: LockDesk, name: string): Promise<number> {
  return new Promise((resolve) => {
    const begun = performance.now();
    let took = 0;
    const id = desk.lock(wishFor(name, { persistent: true }), undefined, (event) => {
      if (event.type === "granted") {
        took = performance.now() - begun;
        desk.unlock(id);
      } else if (event.type === "released") resolve(took);
    });
  });
}

async function againInProcess(desk: LockDesk): Promise<{ rate: number; cpuRate: number }> {
  const slots = 100;
  const run = (count: number): Promise<number> =>
    inWindow(desk, count, slots, (slot) => wishFor(`again ${slot}`));
  await run(AGAIN / 5);
  const before = process.cpuUsage();
  const rate = await run(AGAIN);
  const { user, system } = process.cpuUsage(before);
  return { rate, cpuRate: AGAIN / ((user + system) / 1e6) };
}

/** A client in another process, as it is in life. */
function againThroughSocket(path: string): Promise<number> {
  const script = new URL("./client.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, [script, path], { stdio: ["ignore", "pipe", "inherit"] });
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (bytes: Buffer) => {
      text += bytes.toString();
    });
    child.on("close", (code) =>
      code === 0 ? resolve(Number(text)) : reject(new Error(`the client ended with ${code}`)),
    );
  });
}

/** Takes so many locks and keeps them. */
export function hold(desk: LockDesk, count: number, nameOf: (n: number) => string): Promise<void> {
  return new Promise((resolve, reject) => {
    let held = 0;
    for (let n = 0; n < count; n++) {
      desk.lock(wishFor(nameOf(n)), undefined, (event) => {
        if (event.type === "refused") reject(new Error(`refused: ${event.why}`));
        if (event.type !== "granted") return;
        held++;
        if (held === count) resolve();
      });
    }
  });
}

function megabytes(): { readonly heap: number; readonly resident: number } {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  return { heap: heapUsed / 1e6, resident: rss / 1e6 };
}
