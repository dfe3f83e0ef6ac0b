/**
 * A whole cluster in virtual time: the daemon's own core on every node, and a world that can do
 * to it whatever real ones do. Nothing here decides anything that the core decides in a daemon.
 */

import { type ClusterConfig, nodeNameOf } from "../core/config.ts";
import type { Millis, NodeId } from "../core/ids.ts";
import type { Request } from "../core/inputs.ts";
import { statusOf } from "../core/view/status.ts";
import type { StatusView } from "../core/view/types.ts";
import { keepText } from "./configs.ts";
import { createDaemons, guardAnswer } from "./daemons.ts";
import { SIM_TRAITS } from "./devices.ts";
import { thawDisk } from "./disk.ts";
import { createFlicker } from "./flicker.ts";
import { createGroup } from "./group.ts";
import { drawHostility, KIND } from "./hostility.ts";
import { createJudges } from "./judges.ts";
import { createLinks } from "./links.ts";
import { createLockers } from "./lockers.ts";
import { createNode } from "./node.ts";
import { createQueue } from "./queue.ts";
import { createQuorum } from "./quorum.ts";
import { createRandom } from "./random.ts";
import { createSharedDisk } from "./storage.ts";
import type { DeviceFault, Inside, Judges, Lockers, SimNode, WorldOptions } from "./types.ts";
import { wiringOf } from "./wiring.ts";

const WALL_START = 1_700_000_000_000;
const TOKEN_MS = 1_000;
const BOOT_MS = 20_000;

export interface World {
  readonly nodes: ReadonlyMap<NodeId, SimNode>;
  readonly judges: Judges;
  /** The newest that any daemon goes by. */
  readonly config: () => ClusterConfig;
  readonly now: () => Millis;
  readonly run: (ms: Millis) => void;
  readonly power: (node: NodeId, state: "on" | "off") => void;
  /** Off, and no switch brings it back before somebody repaired it. */
  kill(node: NodeId): void;
  repair(node: NodeId): void;
  hang(node: NodeId): void;
  resume(node: NodeId): void;
  /** Only the daemon stands still. */
  pauseDaemon(node: NodeId): void;
  resumeDaemon(node: NodeId): void;
  readonly killDaemon: (node: NodeId) => void;
  readonly startDaemon: (node: NodeId, options: { readonly join: boolean }) => void;
  /** The group engine below the daemon dies; `startEngine` brings it back. */
  readonly stopEngine: (node: NodeId) => void;
  readonly startEngine: (node: NodeId) => void;
  /** The daemon dies before its nth effect from now. */
  doom(node: NodeId, effects: number): void;
  /** Nodes of different groups do not hear one another; one group heals all, cut links too. */
  split(groups: readonly (readonly NodeId[])[]): void;
  /** One direction only. */
  cut(from: NodeId, to: NodeId): void;
  /** One direction is late, or loses packets; a link that loses some is lost for a while at times. */
  worsen(from: NodeId, to: NodeId, how: { readonly delayMs?: Millis; readonly loss?: number }): void;
  deviceFault(device: string, fault: DeviceFault): void;
  disk(node: NodeId, state: "ok" | "frozen" | "full" | { readonly slowMs: Millis }): void;
  /** `untold`: the guards were not asked since, as between two of their polls. */
  uses(node: NodeId, uses: boolean, telling?: "told" | "untold"): void;
  /** Takes this node's votequorum out of votequorum's hands; absent: gives it back. */
  forceQuorum(node: NodeId, quorate: boolean | undefined): void;
  setQuorumDevice(state: "up" | "down" | { readonly blind: readonly NodeId[] }): void;
  /** A person tells this node's ring how many votes to expect; absent: those that are there. */
  expect(node: NodeId, votes: number | undefined): void;
  /** Nodes of its ring; empty: it has none. */
  ringOf(node: NodeId): readonly NodeId[];
  /** The next daemon that starts here understands protocols up to this one. */
  install(node: NodeId, protocolMax: number): void;
  clock(node: NodeId, change: { readonly stepMs?: Millis; readonly drift?: number }): void;
  /** `cluster.conf` on the disks of all, or of some. */
  writeFile(config: ClusterConfig, nodes?: readonly NodeId[]): void;
  stage(node: NodeId, config: ClusterConfig, options: { readonly replace: boolean }): void;
  /** What is staged by this node's ledger. */
  activate(node: NodeId, options: { readonly withinMs?: Millis; readonly wait: boolean }): void;
  discard(node: NodeId): void;
  /** What this node says of staged configurations from now on. */
  weighs(node: NodeId, how: SimNode["weighing"]): void;
  request(node: NodeId, request: Request): void;
  /** A stranger in the group sends bytes that mean nothing, seen by all. */
  garbage(node: NodeId): void;
  /** A person is about to say that this node is off. If it is not, the judges blame the person. */
  excuse(node: NodeId): void;
  status(node: NodeId): StatusView | undefined;
  readonly lockers: Lockers;
}

export function createWorld(options: WorldOptions): World {
  const queue = createQueue();
  const random = createRandom(options.seed ?? 1);
  const hostility = options.seed === undefined ? KIND : drawHostility(random.fork("temper"));
  const nodes = new Map<NodeId, SimNode>(
    options.config.nodes.map((node) => [node.id, createNode(node.id, options.config)]),
  );
  const list = [...nodes.values()];
  const links = createLinks(random.fork("links"));
  let requests = 0;

  function nodeOf(id: NodeId): SimNode {
    const node = nodes.get(id);
    if (node === undefined) throw new Error(`there is no node ${id}`);
    return node;
  }

  const runs = (id: NodeId): boolean => {
    const node = nodeOf(id);
    return node.power === "on" && !node.hung && node.engine;
  };
  const group = createGroup({
    queue,
    random: random.fork("group"),
    hostility,
    runs,
    hears: (from, to) => runs(from) && runs(to) && links.carries(from, to),
    lag: links.lag,
    tokenMs: options.tokenMs ?? TOKEN_MS,
    latencyMs: options.latencyMs ?? 1,
  });
  const inside: Inside = {
    options,
    queue,
    random,
    hostility,
    nodes,
    list,
    faults: new Map(),
    switchedOff: new Set(),
    group,
    judges: createJudges(() => inside),
    lockers: createLockers(() => inside),
    shared: createSharedDisk(() => inside),
    get quorum() {
      return quorum;
    },
    config: options.config,
    texts: new Map([[options.config.digest, options.config]]),
    say: options.say ?? (() => {}),
    now: (node) => ({
      mono: queue.now(),
      wall: Math.round(WALL_START + queue.now() * (1 + node.wallDrift / 1_000) + node.wallOffsetMs),
    }),
    feed: (node, start, input) => daemons.feed(node, start, input),
    power,
    vary: (ms) => (hostility.spread === 0 ? ms : ms * (1 + hostility.spread * (2 * random.next() - 1))),
  };
  const quorum = createQuorum(inside);
  const daemons = createDaemons(inside);
  const flicker = createFlicker({ queue, random: random.fork("flicker"), links, changed: group.changed });

  function power(id: NodeId, state: "on" | "off", by?: string): void {
    const node = nodeOf(id);
    if (node.power === state || (node.dead && state === "on")) return;
    inside.shared.write(node);
    inside.say("hw", `${nodeNameOf(inside.config, id)} power ${state}${by === undefined ? "" : ` (${by})`}`);
    node.power = state;
    node.hung = false;
    node.paused = false;
    node.backlog = [];
    node.uses = false;
    node.excused = false;
    node.misreadBy.clear();
    node.doom = undefined;
    daemons.gone(node, "machine");
    inside.lockers.onPower(node);
    inside.judges.onShut(node);
    node.engine = false;
    group.stop(id);
    if (state === "off") return;
    for (const outlet of wiringOf(inside.config).suppliesOf(id)) inside.switchedOff.delete(outlet);
    node.boots += 1;
    node.sawAll = false;
    node.expected = undefined;
    const boot = node.boots;
    queue.at(queue.now() + inside.vary(options.bootMs ?? BOOT_MS), () => {
      if (node.boots !== boot || node.power === "off") return;
      startEngine(id);
      daemons.start(id, { join: true });
    });
  }

  function startEngine(id: NodeId): void {
    const node = nodeOf(id);
    if (node.power === "off" || node.engine) return;
    node.engine = true;
    group.start(id);
    daemons.enter(node);
  }

  function stopEngine(id: NodeId): void {
    const node = nodeOf(id);
    if (!node.engine) return;
    node.engine = false;
    group.stop(id);
    inside.feed(node, node.starts, { type: "lost", why: "corosync ended" });
  }

  function resume(id: NodeId): void {
    const node = nodeOf(id);
    if (!node.hung) return;
    node.hung = false;
    inside.shared.write(node); // Whatever stood still in the middle of a write goes on with it.
    group.changed();
    thawDiskIfOk(node);
    daemons.catchUp(node);
  }

  function thawDiskIfOk(node: SimNode): void {
    if (!node.disk.frozen && !node.hung) thawDisk(node);
  }

  return {
    nodes,
    judges: inside.judges,
    config: () => inForce(inside),
    lockers: inside.lockers,
    now: queue.now,
    run: (ms) => queue.runUntil(queue.now() + ms),
    power: (id, state) => power(id, state),
    kill(id) {
      power(id, "off");
      nodeOf(id).dead = true;
    },
    repair(id) {
      nodeOf(id).dead = false;
    },
    hang(id) {
      const node = nodeOf(id);
      if (node.power === "off" || node.hung) return;
      node.hung = true;
      group.changed();
    },
    resume,
    pauseDaemon(id) {
      const node = nodeOf(id);
      if (node.core !== undefined) node.paused = true;
    },
    resumeDaemon(id) {
      const node = nodeOf(id);
      if (!node.paused) return;
      node.paused = false;
      daemons.catchUp(node);
    },
    killDaemon: (id) => daemons.kill(id),
    startDaemon: (id, start) => daemons.start(id, start),
    stopEngine,
    startEngine,
    doom(id, effects) {
      nodeOf(id).doom = effects;
    },
    split(next) {
      links.split(next);
      group.changed();
    },
    cut(from, to) {
      links.cut(from, to);
      group.changed();
    },
    worsen(from, to, how) {
      links.worsen(from, to, how);
      flicker(from, to);
    },
    deviceFault: (device, fault) => void inside.faults.set(device, fault),
    disk(id, state) {
      const node = nodeOf(id);
      node.disk.frozen = state === "frozen";
      node.disk.full = state === "full";
      node.disk.slowMs = typeof state === "string" ? 0 : state.slowMs;
      thawDiskIfOk(node);
    },
    uses(id, uses, telling = "told") {
      const node = nodeOf(id);
      inside.shared.write(node);
      node.uses = uses;
      if (!uses) inside.shared.forget(node);
      if (telling === "untold") return;
      inside.feed(node, node.starts, { type: "guard", inUse: guardAnswer(inside, node) });
    },
    forceQuorum(id, quorate) {
      const node = nodeOf(id);
      node.forcedQuorum = quorate;
      daemons.tellQuorum(node);
    },
    setQuorumDevice(state) {
      quorum.setDevice(state);
      for (const node of list) daemons.tellQuorum(node);
    },
    expect(id, votes) {
      quorum.expect(group.ringOf(id), votes);
      for (const node of list) daemons.tellQuorum(node);
    },
    ringOf: (id) => group.ringOf(id),
    install(id, max) {
      nodeOf(id).protocol = { min: 1, max };
    },
    clock(id, { stepMs = 0, drift }) {
      const node = nodeOf(id);
      node.wallOffsetMs += stepMs;
      if (drift !== undefined) node.wallDrift = drift;
    },
    writeFile(config, only) {
      keepText(inside, config);
      for (const node of list) if (only === undefined || only.includes(node.id)) node.file = config;
    },
    stage(id, config, { replace }) {
      const node = nodeOf(id);
      keepText(inside, config);
      if (node.core === undefined) return;
      node.texts.add(config.digest);
      const base = node.core.ledger.epoch.config.digest;
      this.request(id, {
        type: "config-stage",
        by: `root@n${id}`,
        comment: "",
        config,
        traits: options.traits ?? SIM_TRAITS,
        base,
        replace,
      });
    },
    activate(id, { withinMs, wait }) {
      const digest = nodeOf(id).core?.ledger.configs.staged?.digest ?? "nothing";
      const within = withinMs === undefined ? {} : { withinMs };
      this.request(id, { type: "config-activate", by: `root@n${id}`, digest, comment: "", wait, ...within });
    },
    discard(id) {
      const digest = nodeOf(id).core?.ledger.configs.staged?.digest ?? "nothing";
      this.request(id, { type: "config-discard", by: `root@n${id}`, digest });
    },
    weighs(id, how) {
      nodeOf(id).weighing = how;
    },
    excuse: (id) => inside.judges.onFalseWord(nodeOf(id)),
    request: (id, request) =>
      inside.feed(nodeOf(id), nodeOf(id).starts, { type: "request", id: `r${++requests}`, request }),
    garbage(id) {
      const from = { nodeId: id, processId: "1" };
      for (const node of list) {
        inside.feed(node, node.starts, { type: "garbage", from, problem: "is no message of this protocol" });
      }
    },
    status: (id) => {
      const node = nodeOf(id);
      return node.core === undefined ? undefined : statusOf(node.core, inside.now(node));
    },
  };
}

function inForce(inside: Inside): ClusterConfig {
  const used = inside.list.flatMap((node) => (node.core === undefined ? [] : [node.core.config]));
  return used.reduce((best, one) => (one.version > best.version ? one : best), inside.config);
}
