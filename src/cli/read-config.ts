/** A `cluster.conf` from a file of this host, checked against this node. Loads the XML library. */
import type { NodeFacts } from "../config/facts.ts";
import { questionsOf } from "../config/facts.ts";
import { CONFIG_BYTES_MAX } from "../config/limits.ts";
import { configOf, type ParsedConfig } from "../config/model.ts";
import { readTree } from "../config/tree.ts";
import type { Element } from "../config/xml.ts";
import { OperationError } from "../core/errors.ts";
import type { CliContext } from "./context.ts";
import { CONFIG_DEFAULT } from "./paths.ts";

export interface ReadConfig {
  /** As it is to be shown. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Absent when it is no XML that we read. */
  readonly root?: Element;
  readonly parsed: ParsedConfig;
}

export interface ReadConfigOptions {
  /** Also check agents, parameters and password scripts as this node has them. */
  readonly lookAtNode: boolean;
}

/** Errors: `CFG_UNREADABLE`; whatever is wrong inside is among the problems. */
export async function readConfig(
  ctx: CliContext,
  file: string | undefined,
  { lookAtNode }: ReadConfigOptions,
): Promise<ReadConfig> {
  const path = configPath(ctx, file);
  const shown = path === "/dev/stdin" ? "standard input" : path;
  const bytes = ctx.files.bytes(path, CONFIG_BYTES_MAX + 1);
  if (typeof bytes === "string")
    throw new OperationError("CFG_UNREADABLE", `${shown} cannot be read: ${bytes}`);
  const tree = readTree(bytes);
  const facts: NodeFacts = lookAtNode ? await ctx.lookAt(questionsOf(tree.root)) : {};
  const { root } = tree;
  return { path: shown, bytes, ...(root === undefined ? {} : { root }), parsed: configOf(tree, { facts }) };
}

export function configPath(ctx: CliContext, file: string | undefined): string {
  if (file === "-") return "/dev/stdin";
  return file ?? ctx.env.BOUNCER_CONFIG ?? CONFIG_DEFAULT;
}
