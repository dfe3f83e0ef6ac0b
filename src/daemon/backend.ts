/** What the HTTP API sees of the daemon. */
import type { Backend } from "../adapters/http/backend.ts";
import type { HistoryReply } from "../api/replies.ts";
import { nodeByName } from "../core/config.ts";
import type { Now } from "../core/ids.ts";
import type { Incident } from "../core/ledger.ts";
import type { State } from "../core/state.ts";
import { locksView } from "../core/view/locks.ts";
import type { StatusView } from "../core/view/types.ts";
import { groupsView } from "../core/view/volumes.ts";
import type { Journal } from "../ports/journal.ts";
import type { EventHub } from "./event-hub.ts";
import type { RequestDesk } from "./requests.ts";

export interface BackendParts {
  readonly state: () => State;
  readonly status: () => StatusView;
  readonly journal: Pick<Journal, "history">;
  readonly desk: Pick<RequestDesk, "ask">;
  readonly hub: Pick<EventHub, "subscribe">;
  readonly beforeLeave: () => Promise<unknown>;
  readonly config: Backend["config"];
  readonly metrics: () => string;
  readonly flight: () => readonly string[];
  readonly agents: Backend["agents"];
  readonly readiness: Backend["readiness"];
  readonly volumes: Backend["volumes"];
  readonly onInternalError: (error: unknown) => void;
  readonly onReaderDropped: () => void;
}

export function createBackend(parts: BackendParts): Backend & { changed(): void } {
  const listeners = new Set<() => void>();
  const nodes = () => parts.state().config.nodes;
  return {
    status: () => withVolumes(parts.status(), parts.state()),
    gate: () => {
      const { gate, epoch } = parts.status();
      return { gate, epoch };
    },
    async ask(request) {
      // What is in use decides whether a leave is allowed: an old answer is none.
      if (request.type === "leave") await parts.beforeLeave();
      return parts.desk.ask(request);
    },
    findNode: (name) => nodeByName(parts.state().config, name),
    nodeNames: () => nodes().map((node) => node.name),
    async history(query) {
      const incidents = await parts.journal.history(query);
      return page(incidents, query.limit);
    },
    subscribe: (lastEventId, send) => parts.hub.subscribe(lastEventId, send),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    config: parts.config,
    metrics: parts.metrics,
    flight: parts.flight,
    agents: parts.agents,
    readiness: parts.readiness,
    locks: () => locksView(parts.state()),
    volumes: parts.volumes,
    onInternalError: parts.onInternalError,
    onReaderDropped: parts.onReaderDropped,
    changed() {
      for (const listener of listeners) listener();
    },
  };
}

/** Not in the cached status, which is asked for after every input: here there may be thousands of locks. */
function withVolumes(status: StatusView, state: State): StatusView {
  const groups = groupsView(state);
  if (groups.length === 0) return status;
  const volumeGroups = groups.map(({ name, started, volumes, waiting }) => ({
    name,
    started,
    volumes: volumes.length,
    waiting: waiting.length,
  }));
  return { ...status, volumeGroups };
}

function page(incidents: readonly Incident[], limit: number): HistoryReply {
  const last = incidents.at(-1);
  const more = incidents.length === limit && last !== undefined && last.seq > 1;
  return { incidents: incidents as HistoryReply["incidents"], ...(more ? { next: last.seq } : {}) };
}

/** The status of a state, computed once per state and second, with what only the edge knows added. */
export function createStatusCache(
  statusOf: (state: State, now: Now) => StatusView,
  state: () => State,
  now: () => Now,
  edge: () => Required<Pick<StatusView, "warnings" | "readiness">>,
): () => StatusView {
  let cached: { readonly state: State; readonly second: number; readonly view: StatusView } | undefined;
  return () => {
    const at = now();
    const second = Math.floor(at.mono / 1_000);
    if (cached?.state !== state() || cached.second !== second) {
      cached = { state: state(), second, view: statusOf(state(), at) };
    }
    const { warnings, readiness } = edge();
    return { ...cached.view, readiness, warnings: [...cached.view.warnings, ...warnings] };
  };
}
