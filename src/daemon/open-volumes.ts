/** The daemon's part of LVM: its commands' lock daemon, what is mapped here, and what a freeze suspends. */
import { createVolumesGuard } from "../adapters/guard/volumes.ts";
import { createLvmClient } from "../adapters/lvm/client.ts";
import { createDeviceMapper, type MappedVolume } from "../adapters/lvm/device-mapper.ts";
import { createLvmHost, type Host } from "../adapters/lvm/host.ts";
import { findOwnDevices } from "../adapters/lvm/own-devices.ts";
import { createRefresher } from "../adapters/lvm/refresh.ts";
import { findActive, readGroups, relearn } from "../adapters/lvm/relearn.ts";
import { openLvmServer } from "../adapters/lvm/server.ts";
import type { VolumesReply } from "../api/volumes.ts";
import { type ClusterConfig, nodeNameOf } from "../core/config.ts";
import type { NodeId } from "../core/ids.ts";
import { keyOf, type Lock } from "../core/locks/resource.ts";
import { getResource } from "../core/locks/table.ts";
import type { VolumeRefresh, VolumeRefreshed } from "../core/locks/volumes.ts";
import type { Message } from "../core/messages.ts";
import type { State } from "../core/state.ts";
import { groupsView } from "../core/view/volumes.ts";
import type { Exec } from "../ports/exec.ts";
import type { Guard } from "../ports/guard.ts";
import type { OpenLocks } from "./open-locks.ts";
import type { Outbox } from "./outbox.ts";
import type { Story } from "./story.ts";

export interface VolumesOptions {
  readonly exec: Exec;
  readonly socketPath: string;
  readonly stateDir: string;
  /** Absent: LVM's commands are not answered. */
  readonly lvmRunDir?: string;
  /** In force, or to be. */
  readonly config: () => ClusterConfig;
}

export interface OpenVolumesPorts {
  readonly state: () => State;
  readonly locks: OpenLocks;
  readonly outbox: Pick<Outbox, "send" | "waiting">;
  readonly story: Story;
}

export interface Volumes {
  readonly guard: Guard;
  /** Answers what closes it. Errors: `DMN_SOCKET`, `DMN_RUNNING`. */
  open(ports: OpenVolumesPorts): Promise<() => Promise<void>>;
  /** True: the message was about volumes, and nobody else needs it. */
  onMessage(from: NodeId, body: Message["body"]): boolean;
  /** The gate may have changed. */
  onStep(): void;
  /** For people: what the locks tell, and what is mapped here. */
  view(state: State): Promise<VolumesReply>;
}

/** Order: before the core, which asks what is in use; opened when there is one. */
export function prepareVolumes({ exec, socketPath, stateDir, lvmRunDir, config }: VolumesOptions): Volumes {
  const deviceMapper = createDeviceMapper(exec);
  const answersLvm = lvmRunDir !== undefined;
  const finding = answersLvm
    ? findActive({ deviceMapper, groups: () => readGroups(exec), cluster: config().name })
    : Promise.resolve({ volumes: [] });
  let found: Awaited<ReturnType<typeof findActive>> = { volumes: [] };
  let lvm: Host | undefined;
  let refresher: ReturnType<typeof createRefresher> | undefined;
  let waiting: (() => void)[] = [];
  let isOpen = (): boolean => false;

  const suspended = (): readonly string[] => config().suspendedGroups ?? [];
  const shared = (): readonly string[] => [
    ...(lvm?.groups.started().map(({ name }) => name) ?? []),
    ...found.volumes.map(({ group }) => group),
  ];
  const guard = createVolumesGuard({
    deviceMapper,
    groups: shared,
    suspended,
    ownDevices: () => findOwnDevices({ folders: [stateDir] }),
    file: `${socketPath.replace(/(\.sock)?$/, "")}-suspended`,
    unknown: () => (found.problem === undefined ? [] : [`volumes: ${found.problem}`]),
  });

  async function open({ state, locks, outbox, story }: OpenVolumesPorts): Promise<() => Promise<void>> {
    if (lvmRunDir === undefined) return async () => {};
    isOpen = () => state().gate.open;
    const others = (lockspace: string, name: string): readonly Lock[] => {
      const { ledger, nodeId } = state();
      const resource = getResource(ledger.locks, keyOf(lockspace, name));
      return resource?.granted.filter((lock) => lock.node !== nodeId) ?? [];
    };
    refresher = createRefresher({
      self: () => state().nodeId,
      nameOf: (node) => nodeNameOf(state().config, node),
      holders: (lockspace, uuid) => {
        const resource = getResource(state().ledger.locks, keyOf(lockspace, uuid));
        return [
          ...new Set(resource?.granted.filter((lock) => lock.persistent === true).map((lock) => lock.node)),
        ];
      },
      tell: (body) => {
        const { ring } = state();
        if (ring !== undefined) outbox.send({ ring: ring.id, body });
        return ring !== undefined;
      },
      exec,
    });
    const { ask } = refresher;
    const created = createLvmHost({
      desk: locks,
      cluster: () => state().config.name,
      othersOf: (lockspace, name) => others(lockspace, name).map((lock) => lock.owner),
      findProcess: locks.findProcess,
      held: locks.held,
      whenOpen: () => (isOpen() ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
      async refresh(lockspace, uuid, path) {
        const problems = await ask(lockspace, uuid, path);
        for (const problem of problems) story.say("warn", "volume-refresh", `${path}: ${problem}`);
        return problems;
      },
      async mapped(group) {
        const all = await deviceMapper.volumes();
        return all?.filter((one) => one.group === group).map((one) => one.volume);
      },
      sendDump: (text) =>
        void import("../adapters/lvm/dump-socket.ts")
          .then(({ sendDump }) => sendDump(text))
          .catch((error: Error) =>
            story.say("warn", "lvm-dump", `lvmlockctl gets nothing: ${error.message}`),
          ),
    });
    lvm = created;
    found = await finding;
    const say = (line: string): void => story.say("info", "volume-relearned", line);
    void relearn({ host: created, deviceMapper, active: found, say }).then((without) => {
      for (const { problem } of without) story.say("error", "volume-without-lock", problem);
    });
    const paths = { socket: `${lvmRunDir}/lvm/lvmlockd.socket`, pidFile: `${lvmRunDir}/lvmlockd.pid` };
    let commands = 0;
    return openLvmServer(paths, () => createLvmClient(created, ++commands));
  }

  return {
    guard: {
      ...guard,
      async inUse() {
        found = await finding;
        return guard.inUse();
      },
    },
    open,
    onMessage(from, body) {
      if (!isAboutVolumes(body)) return false;
      refresher?.onMessage(from, body);
      return true;
    },
    onStep() {
      if (waiting.length === 0 || !isOpen()) return;
      const now = waiting;
      waiting = [];
      for (const resolve of now) resolve();
    },
    async view(state) {
      const groups = new Set([...shared(), ...suspended()]);
      const mapped = (await deviceMapper.volumes())?.filter(({ group }) => groups.has(group));
      return {
        node: nodeNameOf(state.config, state.nodeId),
        answers: answersLvm,
        groups: groupsView(state) as VolumesReply["groups"],
        ...(mapped === undefined ? {} : { mapped: mapped.map(shownOf) }),
      };
    },
  };
}

function shownOf({ group, volume, uuid, open, suspended }: MappedVolume) {
  return { group, volume, uuid, open, suspended };
}

function isAboutVolumes(body: Message["body"]): body is VolumeRefresh | VolumeRefreshed {
  return body.type === "volume-refresh" || body.type === "volume-refreshed";
}
