/** Where the parameters of one device line come from. The one place at which a password is alive. */
import type { NodeName } from "../core/ids.ts";

/** A value that does not print itself. Whoever needs the text says so. */
export interface Revealable {
  reveal(): string;
}

export interface AgentParameters {
  /** Name of the executable, or its absolute path. */
  readonly agent: string;
  /** Name of the fence device, for messages. */
  readonly device?: string;
  /** In the order in which they are sent; of two with one name the later wins. */
  readonly pairs: readonly (readonly [name: string, value: string | Revealable])[];
  /** Prints the password. */
  readonly passwdScript?: string;
  /** Somebody wants the executable, although an agent of the name may be built in. */
  readonly executable?: true;
}

/** An agent that the configuration uses, and how. */
export interface AgentUse {
  readonly agent: string;
  /** `builtin="0"` is written on the device. */
  readonly executable: boolean;
  /** Names of the fence devices, each once, in document order. */
  readonly devices: readonly string[];
}

export interface AgentParameterSource {
  /** Undefined when the configuration has no such line (any more). */
  lookup(
    node: NodeName,
    method: number | "unfence",
    device: number,
    action: string,
    /** Digest of the configuration; absent: the one in force. */
    config?: string,
  ): AgentParameters | undefined;
}
