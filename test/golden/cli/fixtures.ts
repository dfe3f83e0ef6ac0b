/** The cluster of the transcripts: tpve01 and tpve02 have an iLO, tpve03 has no fence device. */
import type { DeviceCheck } from "../../../src/core/effects.ts";
import type { FenceStep, Incident } from "../../../src/core/ledger.ts";
import type { Cause, NodeView, StatusView, VictimView } from "../../../src/core/view/types.ts";

/** 2012-12-29 18:35:00 UTC. */
export const NOW = 1_356_806_100_000;

const node = (id: number, rest: Partial<NodeView> = {}): NodeView => ({
  id,
  name: `tpve0${id}`,
  state: "member",
  present: true,
  master: id === 1,
  methods: id === 3 ? [] : ["ilo"],
  configVersion: 5,
  ...rest,
});

export const OPEN: StatusView = {
  cluster: "tpve",
  node: "tpve01",
  nodeId: 1,
  at: NOW,
  verdict: "Storage is writable. 3 of 3 nodes are members; 2 of 3 can be fenced.",
  joined: true,
  gate: "open",
  gateSince: NOW - 3 * 3_600_000,
  epoch: 7,
  synced: true,
  quorate: true,
  expelled: false,
  master: 1,
  configVersion: 5,
  evidenceDemand: "C",
  nodes: [node(1), node(2), node(3)],
  victims: [],
  why: [],
  inUse: ["volume vg0/vm-101-disk-1", "volume vg0/vm-102-disk-1"],
  warnings: [],
  domain: {
    memberCount: 3,
    victimCount: 0,
    victimNow: 0,
    masterNodeid: 1,
    waitState: "none",
    members: [1, 2, 3],
  },
};

export const step = (rest: Partial<FenceStep>): FenceStep => ({
  at: NOW - 10_000,
  executor: 1,
  attempt: 4,
  method: "ilo",
  methodIndex: 0,
  device: "ilo-02",
  deviceIndex: 0,
  agent: "fence_ilo",
  action: "off",
  result: "ok",
  tookMs: 640,
  text: "",
  ...rest,
});

const TIMED_OUT = "Connection timed out";

export const FAILED_STEP = step({ result: "failed", tookMs: 10_020, text: TIMED_OUT });

const victim = (id: number, rest: Partial<VictimView>): VictimView => ({
  id,
  name: `tpve0${id}`,
  cause: "node-down",
  stage: "fencing",
  reason: "method ilo is being tried",
  firstSeenAt: NOW - 41_000,
  attempt: 4,
  rounds: 0,
  steps: [],
  evidence: [],
  ...rest,
});

const cause: Cause = {
  code: "victim",
  node: "tpve02",
  step: "method ilo failed on tpve01: Connection timed out",
  reason: "tpve02 was cut off and may still be writing to the storage",
  endsWhen: "its fence device reads off, or tpve02 comes back with a clean start",
  actions: [
    {
      command: "bouncer ack tpve02",
      risk: "if tpve02 still runs, it and the others write to the same storage and destroy it",
    },
    { command: "bouncer fence tpve02", risk: "none for the storage; it tries at once" },
  ],
};

/** tpve02 is cut off and being fenced by tpve01. */
export const FENCING: StatusView = {
  ...OPEN,
  verdict: "Storage is held (41 s): tpve02: attempt 4 by tpve01: method ilo: ilo-02 off.",
  gate: "frozen",
  gateSince: NOW - 41_000,
  nodes: [node(1), node(2, { state: "victim", present: false }), node(3)],
  victims: [
    victim(2, {
      executor: "tpve01",
      doing: "method ilo: ilo-02 off",
      rounds: 1,
      nextAt: NOW + 4_000,
      steps: [FAILED_STEP],
    }),
  ],
  why: [cause],
  domain: {
    memberCount: 2,
    victimCount: 1,
    victimNow: 2,
    masterNodeid: 1,
    waitState: "fencing",
    members: [1, 2, 3],
  },
};

/** The same moment on a node that is not the master. */
export const FENCING_ON_3: StatusView = { ...FENCING, node: "tpve03", nodeId: 3 };

/** tpve03 has no fence device: a person must act. */
export const MANUAL: StatusView = {
  ...FENCING,
  verdict: "Storage is held (41 s): tpve03: stuck: no fence method is configured for tpve03.",
  nodes: [node(1), node(2), node(3, { state: "victim", present: false })],
  victims: [victim(3, { stage: "stuck", reason: "no fence method is configured", attempt: 0, rounds: 3 })],
  why: [
    {
      ...cause,
      node: "tpve03",
      step: "stuck: no fence method is configured for tpve03",
      reason: "tpve03 is lost (node-down) and may still be writing",
      endsWhen: "a person acknowledges that it is off, or it comes back with a clean start",
      actions: [{ command: "bouncer ack tpve03", risk: "if it still runs, the data is destroyed" }],
    },
  ],
  domain: { ...FENCING.domain, victimNow: 0 },
};

/** Two lost of five: the acknowledged one is done, the other one is not. */
export const STILL_HELD: StatusView = {
  ...FENCING,
  verdict: "Storage is held (42 s): tpve02: attempt 4 by tpve01: method ilo: ilo-02 off.",
};

/** After tpve02 was fenced. */
export const AFTER: StatusView = {
  ...OPEN,
  verdict: "Storage is writable. 2 of 3 nodes are members; 2 of 3 can be fenced.",
  gateSince: NOW - 2_000,
  epoch: 8,
  nodes: [
    node(1),
    node(2, {
      state: "absent",
      present: false,
      lastFenced: { how: "agent", at: NOW - 2_000, executor: 1, seq: 14 },
    }),
    node(3),
  ],
  domain: { ...OPEN.domain, memberCount: 2, members: [1, 3] },
};

/** A lone first node without quorum. */
export const LONE: StatusView = {
  ...OPEN,
  verdict: "Storage is held (5 s): only tpve01 can be heard.",
  joined: false,
  gate: "frozen",
  gateSince: NOW - 5_000,
  epoch: 0,
  quorate: false,
  master: 0,
  nodes: [
    node(1, { state: "joining", master: false }),
    node(2, { state: "absent", present: false }),
    node(3, { state: "absent", present: false }),
  ],
  inUse: [],
  why: [
    {
      code: "no-quorum",
      step: "1 vote of 3 is here, 2 are needed",
      reason: "the nodes that are not heard of may be using the storage",
      endsWhen: "one more node is up and connected",
      actions: [],
    },
  ],
  domain: { memberCount: 1, victimCount: 2, victimNow: 0, masterNodeid: 0, waitState: "quorum", members: [] },
};

/** The daemon runs and is not in the domain. */
export const OUTSIDE: StatusView = {
  ...OPEN,
  verdict: "Storage is held on this node: it is not in the fence domain.",
  joined: false,
  gate: "frozen",
  nodes: [node(1, { state: "observer", master: false }), node(2, { master: true }), node(3)],
  inUse: [],
  why: [
    {
      code: "not-joined",
      node: "tpve01",
      step: "nobody asked to join",
      reason: "a node outside the fence domain cannot be cut off in time",
      endsWhen: "this node joins",
      actions: [{ command: "bouncer join", risk: "none" }],
    },
  ],
  domain: {
    memberCount: 2,
    victimCount: 0,
    victimNow: 0,
    masterNodeid: 2,
    waitState: "none",
    members: [2, 3],
  },
};

/** Joined, and too few nodes. */
export const INQUORATE: StatusView = { ...OUTSIDE, quorate: false };

/** Two of the configured nodes are there. */
export const TWO_PRESENT: StatusView = {
  ...OUTSIDE,
  nodes: OUTSIDE.nodes.map((one) => (one.id === 3 ? { ...one, present: false, state: "absent" } : one)),
};

/** The daemon runs, Corosync does not. */
export const ENGINE_LOST: StatusView = {
  ...OUTSIDE,
  why: [
    {
      code: "engine-lost",
      step: "Corosync does not answer",
      reason: "without it nobody knows who is alive",
      endsWhen: "Corosync runs again",
      actions: [{ command: "systemctl start corosync", risk: "none" }],
    },
  ],
};

/** What the old stack called disallowed, and incidents that ended in every way. */
export const MIXED: StatusView = {
  ...OPEN,
  nodes: [
    node(3, { state: "expelled", lastFenced: { how: "override", at: NOW, executor: 1, seq: 3 } }),
    node(1, { lastFenced: { how: "external", at: NOW, executor: 2, seq: 1 } }),
    node(2, {
      state: "departed",
      present: false,
      lastFenced: { how: "member", at: NOW, executor: 0, seq: 2 },
    }),
    {
      ...node(4, { state: "joining", lastFenced: { how: "reunited", at: NOW, executor: 0, seq: 4 } }),
      methods: [],
    },
    { ...node(5, { lastFenced: { how: "watchdog", at: NOW, executor: 1, seq: 5 } }), methods: [] },
  ],
};

/** A configuration that differs, texts that would drive a terminal. */
export const ODD: StatusView = {
  ...OPEN,
  nodes: [node(1), node(2, { configVersion: 6 }), node(3)],
  inUse: [],
  warnings: [
    "tpve02 has configuration version 6, this node has 5: storage goes on with 5 until all have the same",
    "a stranger said \u001b[2Jthings",
  ],
};

export const DEVICE: DeviceCheck = {
  method: 0,
  methodName: "ilo",
  device: 0,
  deviceName: "ilo-02",
  agent: "fence_ilo",
  power: "on",
  ok: true,
  detail: "",
  tookMs: 640,
};

export const DEAD_DEVICE: DeviceCheck = {
  ...DEVICE,
  power: "unknown",
  ok: false,
  detail: TIMED_OUT,
  tookMs: 10_020,
};

export const INCIDENT: Incident = {
  seq: 14,
  node: 2,
  name: "tpve02",
  incarnation: { boot: "5e1f6a0e-5f3c-4d8e-9c57-0a8c2f9c7c11", start: "1" },
  epoch: 7,
  cause: "node-down",
  how: "agent",
  firstSeenAt: NOW - 43_000,
  doneAt: NOW - 30_560,
  attempts: 1,
  steps: [
    step({ at: NOW - 42_900, result: "failed", tookMs: 10_020, text: TIMED_OUT }),
    step({ at: NOW - 32_800, method: "pdu", methodIndex: 1, device: "pdu", agent: "fence_apc" }),
    step({
      at: NOW - 31_900,
      method: "pdu",
      methodIndex: 1,
      device: "pdu",
      agent: "fence_apc",
      action: "status",
      power: "off",
      tookMs: 87,
    }),
  ],
  evidence: [{ grade: "A", source: "pdu 2 read off twice (asked by tpve01)", at: NOW - 30_600, by: 1 }],
  executor: 1,
  configVersion: 5,
  previousHash: "3b1f2c9a7d604e55",
  hash: "a94c3f0d12b7e680",
};

export const OVERRIDDEN: Incident = {
  ...INCIDENT,
  seq: 13,
  node: 3,
  name: "tpve03",
  cause: "unknown since start",
  how: "override",
  firstSeenAt: NOW - 90_000_000,
  doneAt: NOW - 89_000_000,
  attempts: 0,
  steps: [],
  evidence: [{ grade: "H", source: "root: I pulled both power cords", at: NOW - 89_000_000, by: 2 }],
  previousHash: "",
  hash: "3b1f2c9a7d604e55",
};
