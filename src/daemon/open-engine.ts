/** The group engine that was asked for. Loaded on demand: loopback needs no libcpg. */
import type { ClusterConfig, NodeConfig } from "../core/config.ts";
import { OperationError } from "../core/errors.ts";
import type { GroupEngine, GroupHandlers } from "../ports/group-engine.ts";
import type { DaemonOptions } from "./options.ts";

/** Errors: `CLU_UNAVAILABLE` when nobody is there, `CFG_INVALID` when it takes us for another node. */
export async function openEngine(
  { engine, hubPath }: Pick<DaemonOptions, "engine" | "hubPath">,
  config: ClusterConfig,
  local: NodeConfig,
  handlers: GroupHandlers,
): Promise<GroupEngine> {
  const opened = await (engine === "loopback"
    ? openLoopback(hubPath ?? "", config, local, handlers)
    : openCorosync(handlers));
  if (opened.nodeId === local.id) return opened;
  await opened.close();
  const names = opened.nodes().find((node) => node.nodeId === opened.nodeId)?.name;
  throw new OperationError(
    "CFG_INVALID",
    `Corosync runs here as node ${opened.nodeId}${names === undefined ? "" : ` (${names})`}, ` +
      `but cluster.conf gives ${local.name} the id ${local.id}: make them agree`,
  );
}

async function openLoopback(
  hubPath: string,
  config: ClusterConfig,
  local: NodeConfig,
  handlers: GroupHandlers,
): Promise<GroupEngine> {
  const { openLoopbackEngine } = await import("../adapters/loopback/engine.ts");
  const expectedVotes = config.expectedVotes ?? config.nodes.reduce((sum, node) => sum + node.votes, 0);
  const { twoNode } = config;
  return openLoopbackEngine(
    { hubPath, nodeId: local.id, votes: local.votes, expectedVotes, twoNode },
    handlers,
  );
}

async function openCorosync(handlers: GroupHandlers): Promise<GroupEngine> {
  const { openCorosyncEngine } = await import("../adapters/corosync/engine.ts");
  return openCorosyncEngine(handlers);
}
