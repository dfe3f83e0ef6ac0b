/** What `cman_tool` shows, put together from Corosync, the daemon and cluster.conf: whichever are there. */
import { parseClusterConf } from "../../config/parse.ts";
import type { ClusterConfig } from "../../core/config.ts";
import type { NodeId } from "../../core/ids.ts";
import type { StatusView } from "../../core/view/types.ts";
import type { CliContext } from "../context.ts";
import { type CorosyncMoment, readMoment } from "../corosync/moment.ts";
import { CONFIG_DEFAULT } from "../paths.ts";
import type { Session } from "../session.ts";
import { Die, isClusterDown, statusIfRunning } from "./old-tool.ts";

export interface CmanNode {
  readonly id: NodeId;
  readonly name: string;
  /** M member, X not there, d there and not let in. */
  readonly state: "M" | "X" | "d";
  readonly incarnation: number;
  readonly votes: number;
  readonly addresses: readonly string[];
}

export interface CmanView {
  readonly configVersion: number;
  readonly clusterName: string;
  readonly nodeName: string;
  readonly nodeId: NodeId;
  /** Corosync's ring; without Corosync the domain's epoch. */
  readonly generation: number;
  readonly expectedVotes: number;
  readonly totalVotes: number;
  readonly quorum: number;
  readonly quorate: boolean;
  readonly twoNode: boolean;
  /** In the fence domain. */
  readonly joined: boolean;
  /** Only with a transport that uses it. */
  readonly multicast?: string;
  /** Sorted by id. */
  readonly nodes: readonly CmanNode[];
}

/** Errors: dies with cman's own words when neither Corosync nor the daemon runs. */
export async function readCman(session: Session): Promise<CmanView> {
  const { ctx } = session;
  const running = await statusIfRunning(session);
  const status = running === undefined || isClusterDown(running) ? undefined : running;
  const found = await readMoment(ctx);
  // A demo or another cluster's socket: this host's Corosync is not that daemon's.
  const isOther = status !== undefined && found?.cmap.get("totem.cluster_name") !== status.cluster;
  const moment = isOther ? undefined : found;
  if (status === undefined && moment === undefined) {
    throw new Die("Cannot open connection to cman, is it running ?");
  }
  const name = status?.cluster ?? moment?.cmap.get("totem.cluster_name") ?? "";
  return viewOf({ name, status, moment, config: configOf(ctx, name) });
}

interface Sources {
  readonly name: string;
  readonly status: StatusView | undefined;
  readonly moment: CorosyncMoment | undefined;
  readonly config: ClusterConfig | undefined;
}

export function viewOf({ name, status, moment, config }: Sources): CmanView {
  const nodes = nodesOf(status, moment, config);
  const own = status?.nodeId ?? moment?.nodeId ?? 0;
  const votes = (all: readonly CmanNode[]): number => all.reduce((sum, node) => sum + node.votes, 0);
  const twoNode = moment?.flags.includes("2Node") ?? config?.twoNode ?? false;
  const expectedVotes = moment?.expectedVotes ?? votes(nodes);
  const isMulticast = moment?.cmap.get("totem.transport") === "udp";
  return {
    configVersion: status?.configVersion ?? config?.version ?? 0,
    clusterName: name,
    nodeName: nodes.find((node) => node.id === own)?.name ?? status?.node ?? "",
    nodeId: own,
    generation: moment?.ringSeq ?? status?.epoch ?? 0,
    expectedVotes,
    totalVotes: moment?.totalVotes ?? votes(nodes.filter((node) => node.state === "M")),
    quorum: moment?.quorum ?? (twoNode ? 1 : Math.floor(expectedVotes / 2) + 1),
    quorate: moment?.quorate ?? status?.quorate ?? false,
    twoNode,
    joined: status?.joined ?? false,
    ...(isMulticast ? { multicast: multicastOf(name) } : {}),
    nodes,
  };
}

function nodesOf(
  status: StatusView | undefined,
  moment: CorosyncMoment | undefined,
  config: ClusterConfig | undefined,
): readonly CmanNode[] {
  const ids = [status?.nodes, moment?.nodes, config?.nodes].flatMap((all) => all?.map(({ id }) => id) ?? []);
  return [...new Set(ids)]
    .sort((a, b) => a - b)
    .map((id) => {
      const shown = status?.nodes.find((node) => node.id === id);
      const listed = moment?.nodes.find((node) => node.id === id);
      const member = moment?.members.find((node) => node.id === id);
      const configured = config?.nodes.find((node) => node.id === id);
      const isThere = moment === undefined ? shown?.present === true : member !== undefined;
      const isRefused = shown?.state === "expelled" || shown?.state === "refused";
      return {
        id,
        name: shown?.name ?? configured?.name ?? listed?.name ?? `Node${id}`,
        state: isThere ? (isRefused ? "d" : "M") : "X",
        incarnation: isThere ? (moment?.ringSeq ?? status?.epoch ?? 0) : 0,
        votes: member?.votes ?? configured?.votes ?? listed?.votes ?? 1,
        addresses: listed?.addresses ?? [],
      };
    });
}

/** Start 0; for each character: twice that and the character; 16 bits. Source: cman-preconfig. */
export function clusterIdOf(name: string): number {
  return [...Buffer.from(name)].reduce((id, byte) => (id * 2 + byte) & 0xffff, 0);
}

export function multicastOf(name: string): string {
  const id = clusterIdOf(name);
  return `239.192.${id >> 8}.${id % 255}`;
}

/** This host's file, when it is of this cluster. */
function configOf(ctx: CliContext, cluster: string): ClusterConfig | undefined {
  const text = ctx.files.read(ctx.env.BOUNCER_CONFIG ?? CONFIG_DEFAULT);
  const config = text === undefined ? undefined : parseClusterConf(text).config;
  return config?.name === cluster ? config : undefined;
}
