/** The arguments of `fence_node -vv`, secrets masked: this host's own cluster.conf knows them. */
import { parseClusterConf } from "../../config/parse.ts";
import type { StatusView } from "../../core/view/types.ts";
import type { CliContext } from "../context.ts";
import { CONFIG_DEFAULT } from "../paths.ts";
import type { AgentArgs } from "./fence-node-text.ts";

/**
 * Reads the file that BOUNCER_CONFIG names, or the usual one. Arguments come from nowhere else: the
 * daemon never lets them out. A file of another version than the daemon's says nothing.
 */
export function agentArgs(ctx: CliContext, status: StatusView, node: string): AgentArgs {
  const text = ctx.files.read(ctx.env.BOUNCER_CONFIG ?? CONFIG_DEFAULT);
  const { config, parameters } = text === undefined ? {} : parseClusterConf(text);
  if (config === undefined || parameters === undefined) return () => undefined;
  if (config.name !== status.cluster || config.version !== status.configVersion) return () => undefined;
  return (method, device) =>
    parameters.find(node, method, device)?.pairs.map(({ name, value }) => `${name}=${String(value)}`);
}
