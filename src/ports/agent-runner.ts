/** Runs fence agents: executables by the standard agent interface, later built-in ones as well. */
import type { AgentTraits } from "../core/config.ts";
import type { Millis, NodeName } from "../core/ids.ts";
import type { DeviceIdentity } from "../core/readiness/types.ts";
import type { CancelSignal } from "./exec.ts";

/** Which line of the configuration to run, with which action. Never carries a secret. */
export interface AgentRequest {
  /** Digest of the configuration whose line it is; absent: the one in force. */
  readonly config?: string;
  /** The node that is to be fenced, unfenced or asked about. */
  readonly node: NodeName;
  /** Position in the node's methods; `unfence` for the lines of `<unfence>`. */
  readonly method: number | "unfence";
  /** Position of the device in the method. */
  readonly device: number;
  readonly action: string;
  /** Units: ms. Past it the whole process group is ended and the outcome is `timeout`. */
  readonly budgetMs: Millis;
  /** Nobody wants it any more: nothing more is sent, and the outcome is `timeout` unless it was done already. */
  readonly cancel?: CancelSignal;
  /** A look between the shots: names are resolved anew, and the device may be asked who it is. */
  readonly look?: { readonly identity: "full" | "brief" | "skip" };
}

/**
 * What became of one agent run. A failure is a value, never an exception; whatever could not be
 * understood is `failed`, never `off`.
 *
 * Shape: `power` only for status-like actions: `on` (exit 0), `off` (exit 2), `unknown` (the rest).
 * `detail` is one line for people, at most 300 characters, secrets removed.
 */
export interface AgentOutcome {
  readonly result: "ok" | "failed" | "timeout";
  readonly power?: "on" | "off" | "unknown";
  readonly exitCode?: number;
  readonly detail: string;
  readonly tookMs: Millis;
  /** Of built-in agents: what kind of failure it was, e.g. `credentials`. */
  readonly kind?: string;
  /** Only of looks that asked for it. */
  readonly identity?: DeviceIdentity;
  /** Not right, although it worked. Never with a secret in it. */
  readonly notice?: string;
}

export interface AgentRunner {
  /** Never rejects. Resolves exactly once, at the latest budgetMs plus a bounded kill time later. */
  run(request: AgentRequest): Promise<AgentOutcome>;
  /** Traits of every agent that the configuration names. Cached by executable and its mtime. */
  traits(): Promise<readonly AgentTraits[]>;
  /** Ends everything still running. */
  close(): Promise<void>;
}
