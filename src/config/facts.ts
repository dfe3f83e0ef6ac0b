/**
 * What one node can tell of itself, for the checks that a file alone does not allow: which agents are
 * there and what they take, whether a password script may be run. Gathered by whoever can look.
 */
import type { Element } from "./xml.ts";

/** A parameter by the agent's own metadata. */
export interface ParameterFacts {
  readonly name: string;
  readonly required: boolean;
  /** Still accepted; another parameter has the current name. */
  readonly deprecated: boolean;
  /** The older name that this one replaces. */
  readonly obsoletes?: string;
  readonly type: string;
  readonly default?: string;
  /** The values of a `select`. */
  readonly options: readonly string[];
}

export type AgentFacts =
  | {
      readonly type: "described";
      readonly parameters: readonly ParameterFacts[];
      readonly actions: readonly { readonly name: string }[];
    }
  /** It is there and gives no metadata: nothing of it can be checked. */
  | { readonly type: "silent" }
  | { readonly type: "missing" };

export type FileFacts = "executable" | "readable" | "missing" | "not-a-file" | "no-permission";

/** Absent maps, and names that are not in them: not looked at, so not checked. */
export interface NodeFacts {
  readonly agents?: ReadonlyMap<string, AgentFacts>;
  readonly files?: ReadonlyMap<string, FileFacts>;
}

/** What there is to look for before {@link NodeFacts} can be given. Shape: each name once. */
export interface Questions {
  readonly agents: readonly string[];
  readonly files: readonly string[];
}

const SCRIPT_NAMES: ReadonlySet<string> = new Set(["passwd_script", "password_script"]);
const FILE_NAMES: ReadonlySet<string> = new Set(["passwd_file", "password_file"]);

export function isScriptName(name: string): boolean {
  return SCRIPT_NAMES.has(name);
}

export function isPasswordFileName(name: string): boolean {
  return FILE_NAMES.has(name);
}

/** The program of a script's command line; its arguments are nobody's business. */
export function programOf(script: string): string {
  return script.trim().split(/\s+/)[0] ?? "";
}

/** Depth and size of the tree are bounded: it was read with limits. */
export function questionsOf(root: Element | undefined): Questions {
  const agents = new Set<string>();
  const files = new Set<string>();
  const visit = (element: Element): void => {
    if (element.name === "fencedevice" || element.name === "device") {
      for (const { name, value } of element.attributes) {
        if (name === "agent") agents.add(value);
        else if (isScriptName(name) && programOf(value).startsWith("/")) files.add(programOf(value));
        else if (isPasswordFileName(name) && value.startsWith("/")) files.add(value);
      }
    }
    for (const child of element.children) visit(child);
  };
  if (root !== undefined) visit(root);
  return { agents: [...agents], files: [...files] };
}
