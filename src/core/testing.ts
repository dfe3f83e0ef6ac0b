/** Small builders for the core's own tests: one place that knows what a plain hello looks like. */
import { type ClusterConfig, FENCE_DAEMON_DEFAULTS } from "./config.ts";
import { CONFIG_NONE } from "./configuration/stamp.ts";
import { newVictim } from "./fencing/victims.ts";
import { EPOCH_NONE, type EpochRecord, LEDGER_EMPTY, type Ledger, type Victim } from "./ledger.ts";
import type { Hello } from "./messages.ts";

export function incarnationOf(node: number, boot = 1, start = 1): { boot: string; start: string } {
  return { boot: `boot-${node}-${boot}`, start: `start-${start}` };
}

export function helloOf(node: number, change: Partial<Hello> = {}): Hello {
  return {
    type: "hello",
    protocol: { min: 1, max: 1 },
    name: `n${node}`,
    incarnation: incarnationOf(node),
    clean: true,
    wants: "join",
    live: true,
    expelled: false,
    establishedEpoch: 1,
    durable: EPOCH_NONE,
    previousRing: "r0",
    movedWith: [`${node}/1`],
    digest: "d",
    incidentSeq: 0,
    shots: [],
    claims: 0,
    votes: 1,
    configVersion: 1,
    file: { version: 1, digest: "c" },
    holds: ["c"],
    lastVersion: 1,
    evidenceDemand: "C",
    missedAt: [],
    wall: 1_000,
    ...change,
  };
}

export function epochOf(n: number, nodes: readonly number[], change: Partial<EpochRecord> = {}): EpochRecord {
  const members = nodes.map((node) => ({ node, ...incarnationOf(node) }));
  const config = { ...CONFIG_NONE, version: 1, digest: "c", at: 1_000 };
  return { n, members, departed: [], config, proposer: nodes[0] ?? 0, ...change };
}

export function ledgerOf(nodes: readonly number[], change: Partial<Ledger> = {}): Ledger {
  const epoch = epochOf(1, nodes);
  return {
    ...LEDGER_EMPTY,
    epoch,
    established: true,
    open: true,
    startup: "done",
    members: epoch.members,
    ...change,
  };
}

export function victimOf(node: number, change: Partial<Victim> = {}): Victim {
  return { ...newVictim(LEDGER_EMPTY, node, incarnationOf(node), "node-down"), ...change };
}

export function configOf(count: number, change: Partial<ClusterConfig> = {}): ClusterConfig {
  const nodes = Array.from({ length: count }, (_, i) => ({
    id: i + 1,
    name: `n${i + 1}`,
    votes: 1,
    altnames: [],
    unfence: [],
    line: 0,
    methods: [
      {
        name: "ilo",
        devices: [
          { device: `ilo${i + 1}`, agent: "fence_x", plug: "", delayMs: 0, budgetMs: 60_000, line: 0 },
        ],
      },
    ],
  }));
  return {
    name: "t",
    version: 1,
    digest: "c",
    twoNode: false,
    nodes,
    fenceDaemon: FENCE_DAEMON_DEFAULTS,
    ...change,
  };
}
