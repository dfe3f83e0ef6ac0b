/** What a built-in fence agent is, what it is asked and what it answers. See docs/builtin-agents.md. */
import type { Millis } from "../../core/ids.ts";
import type { DeviceIdentity } from "../../core/readiness/types.ts";
import type { AgentHost } from "../../ports/agent-host.ts";
import type { Values } from "./values.ts";
import type { Warm } from "./warm.ts";

/** `unknown` is everything that is not plainly one of the others: changing, unreachable, nonsense. */
export type Power = "on" | "off" | "unknown";

export type ParameterType = "string" | "boolean" | "integer" | "second" | "select";

/** One parameter, described as fence-agents describes it, so that metadata comes out the same. */
export interface Parameter {
  /** Current name, as in a cluster.conf: `ip`, `power_wait`, `tls1.0`. */
  readonly name: string;
  /** Older name that still works: `ipaddr`. */
  readonly alias?: string;
  /** The option on the command line, where it is not made of the name. */
  readonly long?: string;
  /** Letter on the command line: `a` for `-a`. */
  readonly short?: string;
  readonly type: ParameterType;
  /** The values of a `select`; compared without regard to case. */
  readonly options?: readonly string[];
  readonly default?: string;
  /** What the metadata says. */
  readonly required: boolean;
  /** Its value is never printed, by nobody. */
  readonly secret: boolean;
  readonly description: string;
  /** What stands behind `=` in the usage: `[ip]`. Absent for switches. */
  readonly placeholder?: string;
  /** Accepted, but neither in the metadata nor in the help. */
  readonly hidden?: true;
  /** Place in the metadata: by this, then by name. Source: fencing.py, all_opt. */
  readonly order: number;
}

export type AgentAction =
  | "on"
  | "off"
  | "reboot"
  | "status"
  | "monitor"
  | "list"
  | "list-status"
  | "metadata"
  | "manpage"
  | "validate-all"
  | "diag";

/** What keeps an agent from an answer. Each kind is something else for the operator to look at. */
export type ProblemKind =
  /** The parameters themselves. */
  | "usage"
  /** The name of the device does not resolve. */
  | "address"
  /** Nobody listens there, or there is no way. */
  | "unreachable"
  /** Silence. */
  | "timeout"
  /** It answered, and then no more. */
  | "lost"
  /** Login or password (or Kg, community) are not the right ones. */
  | "credentials"
  /** The login is right, and may not do this. */
  | "privilege"
  /** The device has no session left for us. */
  | "sessions-full"
  | "certificate"
  /** No such outlet, system or machine. */
  | "missing"
  /** The device understood, and said no. */
  | "refused"
  /** The device cannot do this, or not as the parameters want it. */
  | "unsupported"
  /** What came back makes no sense. */
  | "protocol"
  /** Sent and accepted, and the power still is not what it should be. */
  | "not-reached"
  /** Our own time was over, or somebody called it off. */
  | "cancelled";

/** A failure as a value. `detail`: one sentence for people, never with a secret in it. */
export interface AgentProblem {
  readonly kind: ProblemKind;
  readonly detail: string;
}

export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: AgentProblem };

/** What the device says of the machine that it controls. */
export type Identity = DeviceIdentity;

export interface AgentContext {
  readonly signal: AbortSignal;
  /** Instant of `performance.now()`. Units: ms. Nothing is sent past it. */
  readonly deadline: Millis;
  /**
   * Have the device say who it is, when it can. `ask`: whatever it takes; `brief`: what costs a round
   * trip or two.
   */
  readonly identity: "ask" | "brief" | "skip";
  /** Absent: nothing is known from before, and nothing kept. */
  readonly warm?: Warm;
  /** Whoever asks reads off twice afterwards, by runs of their own: the second reading of an off is left to it. */
  readonly confirms?: "caller";
  /** Absent: the machine itself is not touched. */
  readonly host?: AgentHost;
}

/** In which part of an action it failed: the original agents' texts depend on it. */
export type Phase = "status" | "on" | "off" | "cycle" | "list";

interface AnswerBase {
  /** The state that was read last; `unknown` when none was, or when it was told to change since. */
  readonly power: Power;
  /** Lines for standard output. */
  readonly said: readonly string[];
  /** What the operator should know although it did not fail. */
  readonly warnings: readonly string[];
  readonly identity?: Identity;
}

export type AgentAnswer =
  | (AnswerBase & {
      readonly ok: true;
      /** `read-back`: the device was asked afterwards. `accepted`: it only said that it would. */
      readonly proof: "read-back" | "accepted" | "none";
    })
  | (AnswerBase & { readonly ok: false; readonly problem: AgentProblem; readonly phase: Phase });

/** One agent, one name. Prints nothing; makes a process or opens a file only through its context's host. */
export interface BuiltinAgent {
  readonly name: string;
  readonly shortdesc: string;
  readonly longdesc: string;
  readonly vendorUrl: string;
  /** Other names of the same agent, for the metadata. */
  readonly symlinks: readonly (readonly [name: string, shortdesc: string])[];
  /** All of them, those that every agent has included. */
  readonly parameters: readonly Parameter[];
  readonly actions: readonly AgentAction[];
  readonly inputRules: InputRules;
  /**
   * It cuts a node off its storage and leaves it running. An on gives the storage back, and is for the node
   * itself to run.
   */
  readonly onTarget?: true;
  /** Never rejects, and ends at the deadline at the latest (plus {@link CLOSING_MS_MAX}). */
  run(action: AgentAction, values: Values, context: AgentContext): Promise<AgentAnswer>;
  /** The words of the original agent for a failure: `Failed: …`. */
  failureText(problem: AgentProblem, phase: Phase): string;
}

/** What has to be there before an action is tried. Source: fencing.py, _validate_input. */
export interface InputRules {
  readonly login: "required" | "optional";
  readonly password: "required" | "optional";
  /** `address`: plug is another name of the address, with port_as_ip. `none`: there are no plugs. */
  readonly plug: "required" | "optional" | "address" | "none";
  /** Absent: an agent that knows an address needs one. */
  readonly address?: "optional";
}

/** Units: ms. What saying goodbye to a device may cost past the deadline. */
export const CLOSING_MS_MAX: Millis = 500;

export function problem(kind: ProblemKind, detail: string): { ok: false; problem: AgentProblem } {
  return { ok: false, problem: { kind, detail } };
}

export function success<T>(value: T): { ok: true; value: T } {
  return { ok: true, value };
}
