/**
 * A daemon that answers from a script: the real HTTP server and the real client around a backend
 * that knows no core. Time is virtual: it passes only while a command sleeps.
 */

import type { Backend } from "../../../src/adapters/http/backend.ts";
import { createServer } from "../../../src/adapters/http/server.ts";
import type { AgentReport } from "../../../src/api/agents.ts";
import type { Transport } from "../../../src/api/client.ts";
import type { Event, LogEvent } from "../../../src/api/events.ts";
import type { VolumesReply } from "../../../src/api/volumes.ts";
import type { ReplyResult } from "../../../src/core/effects.ts";
import { OperationError } from "../../../src/core/errors.ts";
import type { Request } from "../../../src/core/inputs.ts";
import type { Incident } from "../../../src/core/ledger.ts";
import type { ReadinessView } from "../../../src/core/readiness/view.ts";
import type { LocksView } from "../../../src/core/view/locks.ts";
import type { StatusView } from "../../../src/core/view/types.ts";
import { type ConfigAnswers, configDeskOf } from "./fake-config.ts";

/** What the daemon answers to one kind of request, and the status that follows. */
export interface Answer {
  /** Absent: no answer ever comes. */
  readonly reply?: ReplyResult | OperationError;
  readonly after?: StatusView;
  /** Lines of the story that come before the answer. */
  readonly log?: readonly LogEvent[];
}

export type AnswerOf = Answer | ((request: Request) => Answer);

export interface World {
  /** From which virtual instant (ms) on which status holds; `down`: no daemon listens. */
  readonly timeline: readonly (readonly [number, StatusView | "down"])[];
  readonly answers?: Partial<Record<Request["type"], AnswerOf>>;
  readonly log?: readonly LogEvent[];
  readonly incidents?: readonly Incident[];
  readonly config?: ConfigAnswers;
  readonly readiness?: ReadinessView;
  readonly locks?: LocksView;
  readonly volumes?: VolumesReply;
  readonly agents?: readonly AgentReport[];
}

export interface FakeDaemon {
  readonly transport: Transport;
  readonly backend: Backend;
  /** Lets virtual time pass. */
  readonly pass: (ms: number) => void;
  readonly close: () => Promise<void>;
}

const DOWN = "cannot reach bouncerd at /run/bouncer/bouncerd.sock: there is no such socket";

export async function startFakeDaemon(world: World): Promise<FakeDaemon> {
  let atMs = 0;
  let forced: StatusView | undefined;
  const listeners = new Set<() => void>();
  const readers = new Set<(event: Event) => void>();
  let count = world.log?.length ?? 0;

  const current = (): StatusView | "down" =>
    forced ?? world.timeline.findLast(([fromMs]) => fromMs <= atMs)?.[1] ?? "down";
  const status = (): StatusView => {
    const view = current();
    if (view === "down") throw new OperationError("IPC_UNREACHABLE", DOWN);
    return view;
  };
  const publish = (event: Event): void => {
    for (const send of readers) send(event);
  };
  const changed = (): void => {
    for (const listener of listeners) listener();
    if (current() !== "down") publish({ type: "status", id: `run-${count}`, data: status() as never });
  };

  const backend: Backend = {
    status,
    volumes: async () => world.volumes ?? { node: "tpve01", answers: false, groups: [], mapped: [] },
    locks: () => world.locks ?? { count: 0, resources: [], more: 0 },
    gate: () => ({ gate: status().gate, epoch: status().epoch }),
    ask: async (request) => {
      const entry = world.answers?.[request.type];
      const answer = typeof entry === "function" ? entry(request) : (entry ?? {});
      for (const line of answer.log ?? []) publish({ type: "log", id: `run-${++count}`, data: line });
      if (answer.after !== undefined) forced = answer.after;
      if (answer.after !== undefined) changed();
      if (answer.reply === undefined) return await new Promise<never>(() => {});
      if (answer.reply instanceof OperationError) throw answer.reply;
      return answer.reply;
    },
    findNode: (name) => status().nodes.find((node) => node.name === name),
    nodeNames: () => status().nodes.map((node) => node.name),
    history: async ({ limit, before }) => {
      const all = world.incidents ?? [];
      const page = all.filter((one) => before === undefined || one.seq < before).slice(0, limit);
      const last = page.at(-1)?.seq;
      return { incidents: page, ...(last !== undefined && last > 1 ? { next: last } : {}) } as never;
    },
    config: configDeskOf(world.config),
    subscribe: (lastEventId, send) => {
      if (lastEventId !== undefined) {
        send({ type: "gap", id: lastEventId, data: { why: "bouncerd was restarted since" } });
        for (const [at, data] of (world.log ?? []).entries())
          send({ type: "log", id: `run-${at + 1}`, data });
      }
      send({ type: "status", id: `run-${count}`, data: status() as never });
      readers.add(send);
      return () => readers.delete(send);
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    metrics: () => "",
    flight: () => [],
    agents: async () => world.agents ?? [],
    readiness: () => world.readiness ?? { node: status().node, intervalMs: 60_000, nodes: [] },
    onInternalError: (error) => {
      throw error;
    },
    onReaderDropped: () => {},
  };
  const server = createServer(backend);
  await server.ready();

  const transport: Transport = {
    perform: async (request, { signal }) => {
      status(); // Refuses when nobody listens.
      const answered = server
        .inject({
          method: request.method,
          url: request.path,
          ...(request.body === undefined
            ? {}
            : { payload: request.body, headers: { "content-type": "application/json" } }),
        })
        .then((response) => ({ status: response.statusCode, body: response.body }));
      if (signal === undefined) return await answered;
      return await Promise.race([answered, aborted(signal)]);
    },
    events: (lastEventId, { signal }) => stream(backend, lastEventId, signal),
  };
  return {
    transport,
    backend,
    pass: (ms) => {
      const before = current();
      atMs += ms;
      if (current() !== before) changed();
    },
    close: () => server.close(),
  };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = (): void => reject(new OperationError("IPC_UNREACHABLE", "interrupted"));
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
  });
}

async function* stream(backend: Backend, lastEventId: string | undefined, signal: AbortSignal | undefined) {
  const queue: Event[] = [];
  let wake = (): void => {};
  const unsubscribe = backend.subscribe(lastEventId, (event) => {
    queue.push(event);
    wake();
  });
  signal?.addEventListener("abort", () => wake(), { once: true });
  try {
    while (signal?.aborted !== true) {
      const event = queue.shift();
      if (event === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      yield { type: event.type, id: event.id, data: JSON.stringify(event.data) };
    }
  } finally {
    unsubscribe();
  }
}
