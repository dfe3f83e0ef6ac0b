/** What the HTTP server asks of the daemon. */
import type { z } from "zod";
import type { AgentReport } from "../../api/agents.ts";
import type { Event } from "../../api/events.ts";
import type { GateReply, HistoryReply } from "../../api/replies.ts";
import type { ROUTES, RouteName } from "../../api/routes.ts";
import type { VolumesReply } from "../../api/volumes.ts";
import type { ReplyResult } from "../../core/effects.ts";
import type { NodeId, NodeName } from "../../core/ids.ts";
import type { Request } from "../../core/inputs.ts";
import type { ReadinessView } from "../../core/readiness/view.ts";
import type { LocksView } from "../../core/view/locks.ts";
import type { StatusView } from "../../core/view/types.ts";

/** The life of the configuration. Errors: every method rejects with an OperationError. */
export interface ConfigDesk {
  show(): z.input<Replies["config"]>;
  text(of: string): Promise<z.input<Replies["configText"]>>;
  history(limit: number): Promise<z.input<Replies["configHistory"]>["versions"]>;
  diff(a: string, b: string, given: string | undefined): Promise<z.input<Replies["configDiff"]>>;
  validate(of: string, given: string | undefined): Promise<z.input<Replies["configValidate"]>>;
  stage(body: Bodies["configStage"]): Promise<z.input<Replies["configStage"]>>;
  activate(body: Bodies["configActivate"]): Promise<ReplyResult>;
  confirm(by: string): Promise<ReplyResult>;
  discard(by: string): Promise<ReplyResult>;
}

type Replies = { readonly [Name in RouteName]: (typeof ROUTES)[Name]["reply"] };
type Bodies = { readonly [Name in RouteName]: z.output<(typeof ROUTES)[Name]["body"]> };

export interface Backend {
  status(): StatusView;
  /** Cheap: called in loops by scripts. */
  gate(): GateReply;
  /** Rejects with an OperationError when the request is refused. */
  ask(request: Request): Promise<ReplyResult>;
  /** The configuration's own spelling and id; undefined when no such node is configured. */
  findNode(name: string): { readonly id: NodeId; readonly name: NodeName } | undefined;
  nodeNames(): readonly NodeName[];
  history(query: { readonly limit: number; readonly before?: number }): Promise<HistoryReply>;
  /** See EventHub: what was missed, the status, then everything new, until the returned function is called. */
  subscribe(lastEventId: string | undefined, send: (event: Event) => void): () => void;
  /** Calls `listener` after whatever may have changed the status. */
  onChange(listener: () => void): () => void;
  readonly config: ConfigDesk;
  metrics(): string | Promise<string>;
  flight(): readonly string[];
  /** Which agent is used for what. */
  agents(): Promise<readonly AgentReport[]>;
  readiness(): ReadinessView;
  locks(): LocksView;
  volumes(): Promise<VolumesReply>;
  /** A request made the server fail: a bug, for the log. */
  onInternalError(error: unknown): void;
  /** An event reader was too slow and lost its connection. */
  onReaderDropped(): void;
}
