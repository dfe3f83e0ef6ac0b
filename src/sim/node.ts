import type { ClusterConfig } from "../core/config.ts";
import type { NodeId } from "../core/ids.ts";
import { EPOCH_NONE } from "../core/ledger.ts";
import type { SimNode } from "./types.ts";

/** A machine that was never switched on, with an empty disk. */
export function createNode(id: NodeId, file: ClusterConfig): SimNode {
  return {
    id,
    power: "off",
    dead: false,
    boots: 0,
    hung: false,
    paused: false,
    engine: false,
    core: undefined,
    starts: 0,
    incarnation: undefined,
    processId: "",
    protocol: { min: 1, max: 1 },
    writing: false,
    held: undefined,
    holder: undefined,
    uses: false,
    excused: false,
    misreadBy: new Set(),
    sawAll: false,
    told: undefined,
    expected: undefined,
    forcedQuorum: undefined,
    doom: undefined,
    lockers: new Map(),
    lockExcused: false,
    disk: {
      epoch: EPOCH_NONE,
      incidents: [],
      configs: [],
      texts: new Set(),
      frozen: false,
      full: false,
      slowMs: 0,
      jobs: [],
      waiting: [],
      pending: [],
      busyUntil: 0,
    },
    file,
    texts: new Set(),
    weighing: "ok",
    backlog: [],
    tickAt: undefined,
    cancelTick: () => {},
    wallOffsetMs: 0,
    wallDrift: 0,
    busySecond: 0,
    busySteps: 0,
  };
}
