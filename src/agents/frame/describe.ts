/** A built-in agent as its metadata would describe it. */
import type { BuiltinAgent } from "./agent.ts";

export interface Description {
  readonly type: "described";
  readonly parameters: readonly {
    readonly name: string;
    readonly type: string;
    readonly required: boolean;
    readonly deprecated: boolean;
    readonly options: readonly string[];
    readonly obsoletes?: string;
    readonly default?: string;
  }[];
  readonly actions: readonly { readonly name: string }[];
}

export function describeBuiltin({ parameters, actions }: BuiltinAgent): Description {
  return {
    type: "described",
    parameters: parameters.map(({ name, alias, type, required, options = [], default: standard }) => ({
      name,
      type,
      required,
      deprecated: false,
      options,
      ...(alias === undefined ? {} : { obsoletes: alias }),
      ...(standard === undefined ? {} : { default: standard }),
    })),
    actions: actions.map((name) => ({ name })),
  };
}
