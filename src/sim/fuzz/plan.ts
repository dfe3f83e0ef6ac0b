/** One seed, one story: a cluster, a mix of faults of its own, and when each of them happens. */
import { createRandom, type Random } from "../random.ts";
import { FAULTS, type Fault, PROFILES, pause, type Setting, type Step } from "./faults.ts";

export interface Plan {
  readonly seed: number;
  /** The `cluster` command. */
  readonly cluster: string;
  readonly steps: readonly Step[];
}

const FAULTS_MAX = 28;
/** After the last fault, before anybody looks at what `why` says. Units: ms. */
const LAST_LOOK_MS = 5_000;

function drawList(random: Random, nodes: number, chance: number): string {
  return Array.from({ length: nodes }, (_, i) => i + 1)
    .filter(() => random.chance(chance))
    .join(",");
}

interface Cluster {
  readonly nodes: number;
  readonly options: ReadonlyMap<string, string>;
}

function drawCluster(random: Random, fixed: number | undefined): Cluster {
  const drawn = random.pick([2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 5, 7]);
  const nodes = fixed ?? drawn;
  const options = new Map<string, string>([["nodes", String(nodes)]]);
  const set = (key: string, chance: number, value: () => string): void => {
    if (!random.chance(chance)) return;
    const text = value();
    if (text !== "") options.set(key, text);
  };
  if (nodes === 2 && random.chance(0.6)) options.set("two-node", "yes");
  else {
    set("qdevice", nodes === 2 ? 0.6 : 0.15, () => String(random.chance(0.5) ? 1 : nodes - 1));
    set("wait-for-all", 0.15, () => "yes");
  }
  if (!options.has("two-node"))
    set("votes", 0.25, () => Array.from({ length: nodes }, () => random.int(1, 3)).join(","));
  set("no-agent", 0.3, () => drawList(random, nodes, 0.3));
  set("dual", 0.3, () => drawList(random, nodes, 0.4));
  set("second", 0.4, () => drawList(random, nodes, 0.5));
  set("shared", 0.15, () => drawList(random, nodes, 0.5));
  set("unfence", 0.2, () => drawList(random, nodes, 0.5));
  set("action", 0.3, () => random.pick(["off", "off", "reboot", "cycle"]));
  set("evidence", 0.3, () => random.pick(["A", "B", "D"]));
  set("post-join", 0.5, () => random.pick(["0", "1s", "20s", "-1"]));
  set("post-fail", 0.4, () => random.pick(["200ms", "3s", "15s", "-1"]));
  set("grace", 0.3, () => random.pick(["0", "1s", "60s"]));
  set("override", 0.3, () => random.pick(["200ms", "30s"]));
  set("budget", 0.7, () => random.pick(["2s", "10s", "20s"]));
  set("boot-time", 0.7, () => random.pick(["300ms", "5s", "40s"]));
  set("agent-time", 0.4, () => random.pick(["5ms", "3s"]));
  set("token", 0.3, () => random.pick(["100ms", "5s"]));
  return { nodes, options };
}

function devicesOf({ nodes, options }: Cluster): readonly string[] {
  const ids = (key: string): readonly string[] =>
    (options.get(key) ?? "").split(",").filter((id) => id !== "");
  const all = Array.from({ length: nodes }, (_, i) => String(i + 1));
  return [
    ...all.map((id) => `ilo${id}`),
    ...ids("second").map((id) => `pdu${id}`),
    ...(ids("shared").length > 0 ? ["rack"] : []),
    ...ids("dual").flatMap((id) => [`psu${id}a`, `psu${id}b`]),
  ];
}

function words(options: ReadonlyMap<string, string>): string {
  return [...options].map(([key, value]) => `${key}=${value}`).join(" ");
}

/** Another version: the same nodes, one or two settings changed. */
function changed(random: Random, cluster: Cluster, version: number): string {
  const options = new Map(cluster.options);
  options.set("version", String(version));
  if (random.chance(0.5)) options.set("post-fail", random.pick(["0", "1s"]));
  if (random.chance(0.5)) options.set("second", drawList(random, cluster.nodes, 0.5));
  if (options.get("second") === "") options.delete("second");
  return words(options);
}

/** `nodes`: a cluster of that size whatever the seed would draw. */
export function drawPlan(seed: number, profile: string, nodes?: number): Plan {
  const random = createRandom(seed).fork(profile);
  const cluster = drawCluster(random, nodes);
  const menu = PROFILES[profile] ?? [];
  const share = random.pick([0.15, 0.35, 0.7, 1]);
  // Whoever accepts a device's word as proof has nobody but himself to blame for a false one.
  const trusting = cluster.options.get("evidence") === "D";
  const possible = menu.filter((kind) => !trusting || kind !== "misreads");
  const enabled = possible.filter(() => random.chance(share));
  const kinds = enabled.length === 0 ? [random.pick(possible)] : enabled;
  let version = 1;
  const setting: Setting = {
    random,
    nodes: cluster.nodes,
    devices: devicesOf(cluster),
    lies: trusting ? "no" : "yes",
    qdevice: cluster.options.has("qdevice") ? "yes" : "no",
    reconfigure: () => changed(random, cluster, ++version),
  };
  const all = Array.from({ length: cluster.nodes }, (_, i) => i + 1).join(",");
  const steps: Step[] = [
    {
      afterMs: 0,
      command: random.chance(0.8) ? `power ${all} on` : `power ${random.int(1, cluster.nodes)} on`,
    },
    { afterMs: random.chance(0.8) ? random.int(30_000, 100_000) : pause(random), command: `power ${all} on` },
  ];
  if (random.chance(0.6))
    steps.push({ afterMs: 0, command: `uses ${drawList(random, cluster.nodes, 0.7) || 1} if-open` });
  for (let count = random.int(1, FAULTS_MAX); count > 0; count--) {
    const fault = FAULTS[random.pick(kinds)] as Fault;
    const [first, ...rest] = fault(setting);
    if (first === undefined) continue;
    steps.push({ ...first, afterMs: first.afterMs + pause(random) }, ...rest);
  }
  const obeys = random.chance(0.3);
  if (obeys) steps.push({ afterMs: LAST_LOOK_MS, command: "obey-why" });
  const fixed = `seed=${random.int(1, 1_000_000_000)} restarts=yes`;
  return { seed, cluster: `cluster ${words(cluster.options)} ${fixed}`, steps };
}
