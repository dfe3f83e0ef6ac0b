/** LVM's volume groups and volumes, as the locks tell of them: who has what, who waits. For people. */
import { nodeNameOf } from "../config.ts";
import type { NodeId, WallMillis } from "../ids.ts";
import type { Mode } from "../locks/modes.ts";
import { holders, type Resource } from "../locks/resource.ts";
import { allResources, type LockTable } from "../locks/table.ts";
import type { State } from "../state.ts";
import { whyItWaits } from "./locks.ts";

export interface VolumeView {
  /** As it was called when it was activated. */
  readonly name: string;
  readonly uuid: string;
  readonly holders: readonly { readonly node: string; readonly mode: Mode; readonly since: WallMillis }[];
}

/** A command that waits, for a volume or for the group itself. */
export interface VolumeWaiter {
  readonly node: string;
  readonly owner: string;
  readonly since: WallMillis;
  readonly why: string;
}

export interface GroupView {
  readonly name: string;
  /** Empty: not known. */
  readonly uuid: string;
  /** Names of the nodes that have it started. */
  readonly started: readonly string[];
  readonly volumes: readonly VolumeView[];
  /** Commands that hold the group's metadata. */
  readonly commands: readonly { readonly node: string; readonly owner: string; readonly mode: Mode }[];
  readonly waiting: readonly VolumeWaiter[];
}

/** Volumes in one answer. */
const VOLUMES_SHOWN = 2_000;
/** Volumes of a lost node that are told one by one. */
const NAMED = 4;
const PREFIX = "lvm_";
const STARTED = "started";
const GROUP_LOCK = "VGLK";

/** The same table is asked about again and again while nothing is granted. */
const known = new WeakMap<LockTable, readonly Resource[]>();

function volumeResources(table: LockTable): readonly Resource[] {
  const before = known.get(table);
  if (before !== undefined) return before;
  const found = [...allResources(table)].filter(({ lockspace }) => lockspace.startsWith(PREFIX));
  known.set(table, found);
  return found;
}

/** The owner of a volume's lock begins with its name: see adapters/lvm/names.ts. */
function nameOf(resource: Resource): string {
  const owner = (holders(resource)[0] ?? resource.waiting[0])?.owner ?? "";
  return owner.split(" ")[0] || resource.name;
}

export function groupsView(state: State): readonly GroupView[] {
  const volumes = volumeResources(state.ledger.locks);
  const byGroup = Map.groupBy(volumes, ({ lockspace }) => lockspace.slice(PREFIX.length));
  return [...byGroup]
    .filter(([, resources]) => resources.some(({ name }) => name === STARTED))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, resources]) => groupView(state, name, resources));
}

function groupView(state: State, name: string, resources: readonly Resource[]): GroupView {
  const nodeOf = (node: NodeId): string => nodeNameOf(state.config, node);
  const started = resources.find((one) => one.name === STARTED);
  const group = resources.find((one) => one.name === GROUP_LOCK);
  const volumes = resources.filter((one) => one !== started && one !== group);
  return {
    name,
    uuid: /^VG (\S+)$/.exec(started?.granted[0]?.owner ?? "")?.[1] ?? "",
    started: (started?.granted ?? []).map((lock) => nodeOf(lock.node)).sort(),
    commands: (group?.granted ?? []).map(({ node, owner, mode = "NL" }) => ({
      node: nodeOf(node),
      owner,
      mode,
    })),
    volumes: volumes
      .map((resource) => ({
        name: nameOf(resource),
        uuid: resource.name,
        holders: holders(resource).map(({ node, mode = "NL", since }) => ({
          node: nodeOf(node),
          mode,
          since,
        })),
      }))
      .filter((volume) => volume.holders.length > 0)
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .slice(0, VOLUMES_SHOWN),
    waiting: resources.flatMap((resource) =>
      [...resource.converting, ...resource.waiting].map((lock) => ({
        node: nodeOf(lock.node),
        owner: lock.owner,
        since: lock.since,
        why: lock.wants === undefined ? "" : whyItWaits(state, resource, lock, lock.wants),
      })),
    ),
  };
}

/** Of a node that is lost: ` It has the volumes a/b and 3 more.`; empty: none. */
export function volumesOf(state: State, node: NodeId): string {
  const names = volumeResources(state.ledger.locks)
    .filter((one) => one.name !== STARTED && one.name !== GROUP_LOCK)
    .filter((one) => holders(one).some((lock) => lock.node === node && lock.persistent === true))
    .map((one) => `${one.lockspace.slice(PREFIX.length)}/${nameOf(one)}`)
    .sort();
  if (names.length === 0) return "";
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : "";
  return `; LVM volumes that it has: ${names.slice(0, NAMED).join(", ")}${more}`;
}
