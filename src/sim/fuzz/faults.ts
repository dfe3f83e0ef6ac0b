/** The menu: each kind of trouble as commands of the scenario language, with its repair. */
import type { Random } from "../random.ts";

/** One command, this long after the one before. */
export interface Step {
  readonly afterMs: number;
  readonly command: string;
}

/** What a fault may know of the cluster that it is for. */
export interface Setting {
  readonly random: Random;
  readonly nodes: number;
  readonly devices: readonly string[];
  /** May devices say "done" and do nothing? Not where such a word counts as proof. */
  readonly lies: "yes" | "no";
  readonly qdevice: "yes" | "no";
  /** Gives the cluster line of another configuration version. */
  readonly reconfigure: () => string;
}

export type Fault = (setting: Setting) => readonly Step[];

function node({ random, nodes }: Setting): number {
  return random.int(1, nodes);
}

/** Many lengths are interesting, few of them are round. */
export function pause(random: Random): number {
  const most = random.pick([0, 3, 60, 900, 4_000, 12_000, 30_000, 90_000]);
  return random.int(0, most);
}

const later = (random: Random, command: string): Step => ({ afterMs: pause(random), command });
const at = (command: string): Step => ({ afterMs: 0, command });

function withRepair(setting: Setting, fault: string, repair: string): readonly Step[] {
  const { random } = setting;
  return random.chance(0.75) ? [at(fault), later(random, repair)] : [at(fault)];
}

function groups({ random, nodes }: Setting): string {
  const all = random.shuffle(Array.from({ length: nodes }, (_, i) => i + 1));
  const cuts = nodes > 2 && random.chance(0.25) ? 2 : 1;
  const parts: number[][] = [];
  for (let left = cuts; left > 0 && all.length > 1; left--) {
    parts.push(all.splice(0, random.int(1, all.length - 1)));
  }
  parts.push(all);
  return parts.map((part) => part.sort((a, b) => a - b).join(",")).join(" ");
}

function someNodes(setting: Setting): string {
  const { random, nodes } = setting;
  const count = random.chance(0.7) ? 1 : random.int(1, nodes);
  const all = random.shuffle(Array.from({ length: nodes }, (_, i) => i + 1));
  return all
    .slice(0, count)
    .sort((a, b) => a - b)
    .join(",");
}

/** One direction between two nodes. */
function link({ random, nodes }: Setting): readonly [number, number] {
  const [a = 1, b = 2] = random.shuffle(Array.from({ length: nodes }, (_, i) => i + 1));
  return [a, b];
}

const by = (setting: Setting): string => `by=${node(setting)}`;

/** Some let it be confirmed; some wait for a shot that is under way. */
function activation(s: Setting, who: number): string {
  const within = s.random.chance(0.3) ? ` within=${s.random.pick(["1s", "5s", "30s"])}` : "";
  return `activate ${who}${within}${s.random.chance(0.5) ? " wait=yes" : ""}`;
}

export const FAULTS: Readonly<Record<string, Fault>> = {
  partition: (s) => withRepair(s, `split ${groups(s)}`, "heal"),
  regroup: (s) => [at(`split ${groups(s)}`), later(s.random, `split ${groups(s)}`), later(s.random, "heal")],
  cut: (s) => {
    const a = node(s);
    const b = (a % s.nodes) + 1;
    return withRepair(s, `cut ${a}>${b}`, "heal");
  },
  flap: (s) => {
    const steps: Step[] = [];
    for (let i = s.random.int(1, 4); i > 0; i--) {
      steps.push({ afterMs: s.random.int(1, 2_500), command: `split ${groups(s)}` });
      steps.push({ afterMs: s.random.int(1, 2_500), command: "heal" });
    }
    return steps;
  },
  "link-delay": (s) => {
    const [a, b] = link(s);
    return withRepair(s, `delay ${a}>${b} ${s.random.pick([3, 60, 400, 2_000])}ms`, `delay ${a}>${b} 0`);
  },
  "link-loss": (s) => {
    const [a, b] = link(s);
    return withRepair(s, `loss ${a}>${b} ${s.random.pick([5, 30, 80])}%`, `loss ${a}>${b} 0%`);
  },
  qdevice: (s) => {
    if (s.qdevice === "no") return [];
    return withRepair(
      s,
      s.random.chance(0.5) ? "qdevice down" : `qdevice blind=${someNodes(s)}`,
      "qdevice up",
    );
  },
  expect: (s) => [at(`expect ${node(s)} sure=yes`)],
  upgrade: (s) => {
    const who = someNodes(s);
    const version = s.random.chance(0.8) ? 2 : 1;
    return [
      at(`kill-daemon ${who}`),
      at(`upgrade ${who} ${version}`),
      later(s.random, `start-daemon ${who}`),
    ];
  },
  "rolling-upgrade": (s) =>
    Array.from({ length: s.nodes }, (_, i) => i + 1).flatMap((who) => [
      later(s.random, `kill-daemon ${who}`),
      at(`upgrade ${who} 2`),
      { afterMs: s.random.int(0, 3_000), command: `start-daemon ${who}` },
    ]),
  crash: (s) => {
    const who = someNodes(s);
    return withRepair(s, `crash ${who}`, `power ${who} on`);
  },
  "power-cut": (s) => {
    const all = Array.from({ length: s.nodes }, (_, i) => i + 1).join(",");
    return [
      at(`crash ${all}`),
      later(s.random, `power ${someNodes(s)} on`),
      later(s.random, `power ${all} on`),
    ];
  },
  hang: (s) => {
    const who = someNodes(s);
    return withRepair(s, `hang ${who}`, `resume ${who}`);
  },
  "long-pause": (s) => {
    const who = node(s);
    return [at(`hang ${who}`), { afterMs: s.random.int(600_000, 3_600_000), command: `resume ${who}` }];
  },
  daemon: (s) => {
    const who = someNodes(s);
    return withRepair(s, `kill-daemon ${who}`, `start-daemon ${who}`);
  },
  "daemon-twice": (s) => {
    const who = node(s);
    const blink = (): Step => ({ afterMs: s.random.int(0, 40), command: `start-daemon ${who}` });
    return [at(`kill-daemon ${who}`), blink(), later(s.random, `kill-daemon ${who}`), blink()];
  },
  "daemon-pause": (s) => {
    const who = someNodes(s);
    return withRepair(s, `pause-daemon ${who}`, `resume-daemon ${who}`);
  },
  doom: (s) => {
    const who = node(s);
    return withRepair(s, `doom ${who} effects=${s.random.int(0, 40)}`, `start-daemon ${who}`);
  },
  corosync: (s) => {
    const who = node(s);
    return withRepair(s, `stop-corosync ${who}`, `start-corosync ${who}`);
  },
  "disk-frozen": (s) => {
    const who = someNodes(s);
    return withRepair(s, `disk ${who} frozen`, `disk ${who} ok`);
  },
  "disk-full": (s) => {
    const who = someNodes(s);
    return withRepair(s, `disk ${who} full`, `disk ${who} ok`);
  },
  "disk-slow": (s) => {
    const who = someNodes(s);
    return withRepair(s, `disk ${who} slow=${s.random.pick([50, 700, 6_000])}ms`, `disk ${who} ok`);
  },
  device: (s) => {
    if (s.devices.length === 0) return [];
    const device = s.random.pick(s.devices);
    const kinds = [
      "fails",
      "hangs",
      "shares-power",
      "stays-off",
      `blind=${someNodes(s)}`,
      `slow=${s.random.int(1, 90)}s`,
    ];
    if (s.lies === "yes") kinds.push("lies", "lies");
    return withRepair(s, `device ${device} ${s.random.pick(kinds)}`, `device ${device} ok`);
  },
  misreads: (s) =>
    s.devices.length === 0 ? [] : withRepair(s, `device ${s.random.pick(s.devices)} misreads`, "heal"),
  ack: (s) => [at(`ack ${node(s)} ${by(s)} sure=yes`)],
  "ack-wrong": (s) => [at(`ack ${node(s)} ${by(s)} contradict=sure`)],
  "ack-twice": (s) => {
    const who = node(s);
    return [at(`ack ${who} ${by(s)} sure=yes`), later(s.random, `ack ${who} ${by(s)} sure=yes`)];
  },
  fence: (s) => [at(`fence ${node(s)} ${by(s)}`)],
  unfence: (s) => [at(`unfence ${node(s)} ${by(s)}`)],
  check: (s) => [at(`check ${node(s)} ${by(s)}`)],
  uses: (s) => {
    const who = someNodes(s);
    return withRepair(s, `uses ${who} if-open`, `uses ${who} no`);
  },
  rogue: (s) => [at(`uses ${node(s)} yes`)],
  leave: (s) => {
    const who = node(s);
    return withRepair(s, `leave ${who}`, `join ${who}`);
  },
  "leave-and-go": (s) => {
    const who = node(s);
    return [
      at(`leave ${who}`),
      later(s.random, s.random.chance(0.5) ? `crash ${who}` : `kill-daemon ${who}`),
      later(s.random, `power ${who} on`),
    ];
  },
  "start-apart": (s) => {
    const who = node(s);
    return [
      at(`kill-daemon ${who}`),
      later(s.random, `start-daemon ${who} no-join`),
      later(s.random, `join ${who}`),
    ];
  },
  configure: (s) => [at(`configure ${s.reconfigure()}`)],
  activate: (s) => {
    const who = node(s);
    const steps = [at(`stage ${who} ${s.reconfigure()}`)];
    const hasty = s.random.chance(0.2);
    steps.push({ afterMs: s.random.int(hasty ? 0 : 1_000, 3_000), command: activation(s, who) });
    return steps;
  },
  "activate-amid": (s) => {
    const who = node(s);
    const trouble = s.random.pick([
      () => at(`crash ${someNodes(s)}`),
      () => at(`kill-daemon ${someNodes(s)}`),
      () => at(`split ${groups(s)}`),
      () => at(`disk ${someNodes(s)} frozen`),
      () => at(`disk ${someNodes(s)} full`),
      () => at(`doom ${node(s)} effects=${s.random.int(0, 12)}`),
      () => at(`pause-daemon ${someNodes(s)}`),
    ])();
    const soon = s.random.pick([0, 1, 3, 5, 8, 12, 30, 300]);
    return [
      at(`stage ${who} ${s.reconfigure()}`),
      { afterMs: s.random.int(1_000, 3_000), command: activation(s, who) },
      { ...trouble, afterMs: s.random.int(0, soon) },
      later(s.random, "heal"),
    ];
  },
  "activate-twice": (s) => {
    const [a, b] = [node(s), node(s)];
    return [
      at(`stage ${a} ${s.reconfigure()}`),
      { afterMs: s.random.int(0, 3), command: `stage ${b} ${s.reconfigure()}` },
      { afterMs: s.random.int(500, 3_000), command: activation(s, a) },
      { afterMs: s.random.int(0, 10), command: activation(s, b) },
    ];
  },
  confirm: (s) => [
    at(`activate ${node(s)} within=${s.random.pick(["2s", "10s", "60s"])}`),
    later(s.random, `confirm ${node(s)}`),
  ],
  restage: (s) => [at(`stage ${node(s)} replace ${s.reconfigure()}`), later(s.random, `discard ${node(s)}`)],
  weighs: (s) => {
    const who = someNodes(s);
    return withRepair(
      s,
      `weighs ${who} ${s.random.pick(["refuses", "silent", "cannot-read"])}`,
      `weighs ${who} ok`,
    );
  },
  "configure-some": (s) => [at(`configure ${s.reconfigure()} on=${someNodes(s)}`)],
  garbage: (s) => [at(`garbage ${node(s)}`)],
  clock: (s) => {
    const how = s.random.pick(["step=1h", "step=-1h", "step=-400ms", "drift=5", "drift=-5"]);
    return [at(`clock ${node(s)} ${how}`)];
  },
  locks: (s) => {
    const all = Array.from({ length: s.nodes }, (_, i) => i + 1).join(",");
    return [at(`lock-load ${all} rounds=${s.random.int(3, 30)}`)];
  },
  "locks-again": (s) => [at(`lock-load ${someNodes(s)} rounds=${s.random.int(3, 30)}`)],
  "lock-for-long": (s) => {
    const who = node(s);
    const name = s.random.pick(["a", "b", "lv"]);
    const kind = s.random.chance(0.7) ? " persistent=yes" : "";
    const wish = `lock ${who} ${name} mode=${s.random.pick(["EX", "EX", "PR", "CW"])}${kind}`;
    return withRepair(s, wish, `unlock ${who} ${name}`);
  },
  quorum: (s) => {
    const who = someNodes(s);
    return withRepair(s, `quorum ${who} no`, `quorum ${who} ok`);
  },
};

const LOCKS = ["locks", "locks", "locks-again", "lock-for-long"];
const LINKS = ["partition", "regroup", "cut", "flap", "link-delay", "link-loss"];
const NODES = ["crash", "power-cut", "hang", "long-pause"];
const DAEMONS = [
  "daemon",
  "daemon-twice",
  "daemon-pause",
  "doom",
  "corosync",
  "start-apart",
  "upgrade",
  "rolling-upgrade",
];
const CONFIGS = [
  "activate",
  "activate-amid",
  "activate-twice",
  "confirm",
  "restage",
  "weighs",
  "configure-some",
];
const DISKS = ["disk-frozen", "disk-full", "disk-slow"];

/** Which trouble a profile draws from. */
export const PROFILES: Readonly<Record<string, readonly string[]>> = {
  partitions: [...LINKS, "quorum", "qdevice", "expect", "hang", "uses", "daemon"],
  power: [...NODES, "partition", "device", "misreads", "ack", "ack-wrong", "fence", "uses"],
  disks: [...DISKS, "partition", "crash", "power-cut", "doom", "daemon", "leave-and-go"],
  activation: [
    ...CONFIGS,
    ...CONFIGS,
    ...LINKS,
    ...DISKS,
    "crash",
    "power-cut",
    "daemon",
    "doom",
    "daemon-pause",
    "leave",
  ],
  upgrade: [...DAEMONS, "configure", "configure-some", "leave", "leave-and-go", "uses", "crash"],
  locks: [...LOCKS, ...LOCKS, ...LINKS, "crash", "hang", ...DAEMONS, "uses", "misreads", "leave", "quorum"],
  everything: Object.keys(FAULTS),
};
