/** What an agent's author writes: how to talk to the device. {@link ./define.ts} makes the agent of it. */
import type {
  AgentAction,
  AgentContext,
  AgentProblem,
  BuiltinAgent,
  Identity,
  InputRules,
  Parameter,
  Phase,
  Power,
  Result,
} from "./agent.ts";
import type { Values } from "./values.ts";

/** Is asked, told and closed by the drivers of {@link ./drive.ts}; one call at a time. */
export interface PowerDevice {
  /** `unknown` for every state that is neither; failures are values. Connects when it has to. */
  power(plug: string): Promise<Result<Power>>;
  /**
   * Hard, never through the operating system, and idempotent: it may be sent again.
   * Success: the device accepted it. Whether it happened is read back by the driver.
   */
  set(plug: string, to: "on" | "off"): Promise<Result<void>>;
  /** Off and on by the device itself. Sent at most once per call; proves nothing. */
  cycle?(plug: string): Promise<Result<void>>;
  /** Has the operating system write its memory down (NMI). Sent at most once per call. */
  diag?(plug: string): Promise<Result<void>>;
  list?(): Promise<Result<readonly PlugEntry[]>>;
  identity?(depth: "ask" | "brief"): Promise<Result<Identity>>;
  /** Where `monitor` is another question than a state or a list: could it be used at all? */
  ready?(): Promise<Result<void>>;
  /** Ends the session on the device. Never rejects; bounded by CLOSING_MS_MAX. */
  close(): Promise<void>;
}

export interface PlugEntry {
  readonly plug: string;
  readonly alias: string;
  readonly power: Power;
}

export interface PowerAgentSpec {
  readonly name: string;
  readonly shortdesc: string;
  readonly longdesc: string;
  readonly vendorUrl?: string;
  readonly symlinks?: readonly (readonly [name: string, shortdesc: string])[];
  readonly parameters: readonly Parameter[];
  /** Besides those that every power agent has. */
  readonly moreActions?: readonly AgentAction[];
  /** In the place of those. */
  readonly actions?: readonly AgentAction[];
  /** Its on is given whatever the state reads. */
  readonly onTarget?: BuiltinAgent["onTarget"];
  readonly inputRules: InputRules;
  /** Prepares; may connect already. Failures here are of the phase `status`. */
  open(values: Values, context: AgentContext): Promise<Result<PowerDevice>>;
  /** Where the original has other words than {@link ./texts.ts} would choose. */
  failureText?(problem: AgentProblem, phase: Phase): string | undefined;
}
