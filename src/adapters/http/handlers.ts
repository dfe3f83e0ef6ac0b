/** One handler per route of the table: typed arguments in, the reply out, refusals thrown. */
import type { z } from "zod";
import { powerOf } from "../../api/power.ts";
import type { WaitFor } from "../../api/requests.ts";
import type { ROUTES, Route, RouteName } from "../../api/routes.ts";
import type { ReplyResult } from "../../core/effects.ts";
import { OperationError } from "../../core/errors.ts";
import type { NodeId, NodeName } from "../../core/ids.ts";
import type { Request } from "../../core/inputs.ts";
import type { StatusView } from "../../core/view/types.ts";
import type { Backend } from "./backend.ts";

type Args<R extends Route> = {
  readonly params: z.output<R["params"]>;
  readonly query: z.output<R["query"]>;
  readonly body: z.output<R["body"]>;
  /** Fires when the caller is gone. */
  readonly gone: AbortSignal;
};
type Handler<R extends Route> = (args: Args<R>) => Promise<z.input<R["reply"]>>;
export type Handlers = { readonly [Name in RouteName]: Handler<(typeof ROUTES)[Name]> };

export function createHandlers(backend: Backend): Handlers {
  /** Asks the core; an answer of another kind than the question's would be a bug. */
  async function ask<T extends ReplyResult["type"]>(request: Request, ...types: T[]) {
    return expect(await backend.ask(request), ...types);
  }

  function node(name: string): { readonly id: NodeId; readonly name: NodeName } {
    const found = backend.findNode(name);
    if (found !== undefined) return found;
    const known = backend.nodeNames().join(", ");
    throw new OperationError(
      "REQ_NODE_UNKNOWN",
      `there is no node "${name}" in cluster.conf (there are ${known})`,
    );
  }

  return {
    status: async () => copy(backend.status()),
    why: async () => {
      const { verdict, gate, gateSince, at, why, locks } = copy(backend.status());
      return { verdict, gate, since: gateSince, at, why, ...(locks === undefined ? {} : { locks }) };
    },
    gate: async () => backend.gate(),
    agents: async () => ({ agents: copy(await backend.agents()) }),
    locks: async () => copy(backend.locks()),
    volumes: () => backend.volumes(),
    readiness: async () => copy(backend.readiness()),
    history: async ({ query }) => backend.history(query),
    wait: async ({ query, gone }) => {
      const status = await waitUntil(backend, query.for, query.timeout * 1_000, gone);
      return { met: true, status: copy(status) };
    },
    power: async ({ params }) => {
      const { id, name } = node(params.name);
      const { devices } = copy(await ask({ type: "check", node: id }, "checked"));
      return { node: name, power: powerOf(devices), devices };
    },
    join: async () => ask({ type: "join" }, "joined", "left", "already"),
    leave: async () => ask({ type: "leave" }, "joined", "left", "already"),
    fence: async ({ params, body }) =>
      copy(await ask({ type: "fence", node: node(params.name).id, by: body.by }, "fenced")),
    unfence: async ({ params, body }) =>
      copy(await ask({ type: "unfence", node: node(params.name).id, by: body.by }, "unfenced")),
    ack: async ({ params, body: { firstSeenAt, ...word } }) => {
      const { id, name } = node(params.name);
      if (firstSeenAt !== undefined) checkMeant(backend.status(), name, firstSeenAt);
      return copy(await ask({ type: "ack", node: id, ...word }, "acknowledged"));
    },
    check: async ({ params, body }) =>
      copy(await ask({ type: "check", node: node(params.name).id, ...body }, "checked")),
    config: async () => backend.config.show(),
    configText: async ({ query }) => backend.config.text(query.of),
    configHistory: async ({ query }) => ({ versions: await backend.config.history(query.limit) }),
    configDiff: async ({ query }) => backend.config.diff(query.a, query.b, undefined),
    configCompare: async ({ body }) => backend.config.diff(body.with, "given", body.text),
    configValidate: async ({ body }) => backend.config.validate(body.of, body.text),
    configStage: async ({ body }) => backend.config.stage(body),
    configActivate: async ({ body }) => expect(await backend.config.activate(body), "activated"),
    configConfirm: async ({ body }) => expect(await backend.config.confirm(body.by), "confirmed"),
    configDiscard: async ({ body }) => expect(await backend.config.discard(body.by), "discarded"),
  };
}

/**
 * A person needs minutes for a word. What was seen before a node failed anew is no proof about that
 * failure, and no `contradict` makes it one: the word is given again, after another look.
 */
function checkMeant(status: StatusView, name: NodeName, firstSeenAt: number): void {
  const victim = status.victims.find((one) => one.name === name);
  if (victim?.firstSeenAt === undefined || victim.firstSeenAt === firstSeenAt) return;
  throw new OperationError(
    "DOM_ACK_CONTRADICTED",
    `${name} failed anew while you looked: what you saw was before that, so look again`,
  );
}

function expect<T extends ReplyResult["type"]>(result: ReplyResult, ...types: T[]) {
  if (types.includes(result.type as T)) return result as Extract<ReplyResult, { type: T }> & { type: T };
  throw new Error(`a request was answered with ${result.type}`);
}

const MET: Record<WaitFor, (status: StatusView) => boolean> = {
  open: (status) => status.gate === "open",
  joined: (status) => status.joined,
  left: (status) => !status.joined,
  synced: (status) => status.synced,
};

/** Errors: `DOM_WAIT_TIMEOUT` with the verdict, which says what it waits for. */
function waitUntil(
  backend: Backend,
  what: WaitFor,
  timeoutMs: number,
  gone: AbortSignal,
): Promise<StatusView> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      unsubscribe();
      gone.removeEventListener("abort", onGone);
    };
    const look = (): void => {
      const status = backend.status();
      if (!MET[what](status)) return;
      end();
      resolve(status);
    };
    const onGone = (): void => {
      end();
      reject(new OperationError("IPC_UNREACHABLE", "the caller is gone"));
    };
    const timer = setTimeout(() => {
      end();
      const detail = `waited ${timeoutMs / 1_000} s for "${what}" in vain: ${backend.status().verdict}`;
      reject(new OperationError("DOM_WAIT_TIMEOUT", detail));
    }, timeoutMs);
    const unsubscribe = backend.onChange(look);
    gone.addEventListener("abort", onGone);
    look();
  });
}

/** The core's values are readonly, the schemas' are not; nobody writes to either. */
type Mutable<T> = T extends object ? { -readonly [K in keyof T]: Mutable<T[K]> } : T;
function copy<T>(value: T): Mutable<T> {
  return value as Mutable<T>;
}
