/** The configuration of a scenario from the words of its `cluster` line. */
import {
  AGENT_TIMEOUT_MS,
  type ClusterConfig,
  type DeviceUse,
  FENCE_DAEMON_DEFAULTS,
  type MethodConfig,
  type NodeConfig,
} from "../core/config.ts";
import type { NodeId } from "../core/ids.ts";

export type Options = ReadonlyMap<string, string>;

export function parseList(text: string | undefined): readonly number[] {
  return text === undefined || text === "" ? [] : text.split(",").map(Number);
}

/** `500ms`, `3s`, `2m`, `-1` (for ever). Units: ms. */
export function parseDuration(text: string): number {
  const match = /^(-?\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text);
  if (match === null) throw new Error(`${text} is no duration; expected for example 500ms, 3s, 2m`);
  if (text === "-1") return -1;
  const unit = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }[match[2] ?? "ms"] as number;
  return Number(match[1]) * unit;
}

/** Seconds that a node's device waits before it cuts the node off. */
function delayOf(id: NodeId, options: Options): number {
  const text = options.get("delays")?.split(",")[id - 1];
  return text === undefined || text === "" ? 0 : parseDuration(text);
}

function use(device: string, options: Options, action?: string): DeviceUse {
  const budget = options.get("budget");
  return {
    device,
    agent: "fence_sim",
    ...(action === undefined ? {} : { action }),
    plug: "",
    delayMs: 0,
    budgetMs: budget === undefined ? AGENT_TIMEOUT_MS : parseDuration(budget),
    line: 0,
  };
}

/** First method `ilo` with device iloN; `second=2` gives node 2 another one, `pdu` with pduN. */
function methodsOf(id: NodeId, options: Options): readonly MethodConfig[] {
  if (parseList(options.get("no-agent")).includes(id)) return [];
  const action = options.get("action");
  const delayMs = delayOf(id, options);
  const first = { name: "ilo", devices: [{ ...use(`ilo${id}`, options, action), delayMs }] };
  if (parseList(options.get("fabric")).includes(id)) {
    return [{ name: "fabric", devices: [{ ...use(`port${id}`, options), agent: "fence_brocade" }] }];
  }
  if (parseList(options.get("reservations")).includes(id)) {
    return [{ name: "disks", devices: [{ ...use(`key${id}`, options), agent: "fence_scsi" }] }];
  }
  if (parseList(options.get("dual")).includes(id)) {
    const [a, b] = [`psu${id}a`, `psu${id}b`];
    const line = (device: string, what: string): DeviceUse => use(device, options, what);
    return [{ name: "power", devices: [line(a, "off"), line(b, "off"), line(a, "on"), line(b, "on")] }];
  }
  // One outlet for several machines: whoever switches it, switches all of them.
  const shared = parseList(options.get("shared")).includes(id);
  if (shared) return [first, { name: "rack", devices: [{ ...use("rack", options), plug: "1" }] }];
  const second = parseList(options.get("second")).includes(id);
  return second ? [first, { name: "pdu", devices: [use(`pdu${id}`, options)] }] : [first];
}

export function scenarioConfig(options: Options): ClusterConfig {
  const count = Number(options.get("nodes") ?? "3");
  const nodes: NodeConfig[] = Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    name: `n${index + 1}`,
    votes: parseList(options.get("votes"))[index] ?? 1,
    altnames: [],
    methods: methodsOf(index + 1, options),
    unfence: parseList(options.get("unfence")).includes(index + 1)
      ? [use(`san${index + 1}`, options, "on")]
      : [],
    line: 0,
  }));
  const ms = (key: string, fallback: number): number => {
    const text = options.get(key);
    return text === undefined ? fallback : parseDuration(text);
  };
  return {
    name: "sim",
    version: Number(options.get("version") ?? "1"),
    digest: `sim-${[...options].map(([key, value]) => `${key}=${value}`).join(" ")}`,
    twoNode: options.get("two-node") === "yes",
    nodes,
    fenceDaemon: {
      ...FENCE_DAEMON_DEFAULTS,
      postJoinDelayMs: ms("post-join", FENCE_DAEMON_DEFAULTS.postJoinDelayMs),
      postFailDelayMs: ms("post-fail", FENCE_DAEMON_DEFAULTS.postFailDelayMs),
      daemonRestartGraceMs: ms("grace", FENCE_DAEMON_DEFAULTS.daemonRestartGraceMs),
      overrideTimeMs: ms("override", FENCE_DAEMON_DEFAULTS.overrideTimeMs),
      cleanStart: options.get("clean-start") === "yes",
      skipUndefined: options.get("skip-undefined") === "yes",
      evidence: (options.get("evidence") ?? "C") as "A" | "B" | "C" | "D",
    },
  };
}
