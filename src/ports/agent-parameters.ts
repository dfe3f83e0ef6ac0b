/** Where the parameters of one device line come from. The one place at which a password is alive. */
import type { NodeName } from "../core/ids.ts";

/** A value that does not print itself. Whoever needs the text says so. */
export interface Revealable {
  reveal(): string;
}

export interface AgentParameters {
  /** Name of the executable, or its absolute path. */
  readonly agent: string;
  /** In the order in which they are sent; of two with one name the later wins. */
  readonly pairs: readonly (readonly [name: string, value: string | Revealable])[];
  /** Prints the password; run whenever the password is needed. */
  readonly passwdScript?: string;
}

export interface AgentParameterSource {
  /** Undefined when the configuration has no such line (any more). */
  lookup(
    node: NodeName,
    method: number | "unfence",
    device: number,
    action: string,
  ): AgentParameters | undefined;
}
