/** The commands of `.scn` files: each does one thing to the world. Source: docs/scenarios.md. */
import { nearest } from "../config/nearest.ts";
import type { NodeId } from "../core/ids.ts";
import { MODES, type Mode } from "../core/locks/modes.ts";
import { healAll } from "./heal.ts";
import { obeyWhy } from "./obey.ts";
import { parseDuration, parseList, scenarioConfig } from "./scenario-config.ts";
import { configs, history, locks, ls, state, why } from "./shows.ts";
import type { DeviceFault, SimNode } from "./types.ts";
import { createWorld, type World } from "./world.ts";

/** Boot time of a scenario's machines. */
const BOOT_MS = 1_000;
/** Until a whole cluster has booted and writes. */
const START_MS = 10_000;

export interface Stage {
  world: World | undefined;
  /** Nothing is told for a while. */
  isQuiet?: boolean;
  /** A line of the story. */
  readonly say: (source: string, text: string) => void;
  readonly reached?: (rule: string) => void;
}

export interface Command {
  readonly verb: string;
  readonly words: readonly string[];
  readonly options: ReadonlyMap<string, string>;
}

export function parseCommand(text: string): Command {
  const [verb = "", ...rest] = text.split(/\s+/);
  const options = new Map<string, string>();
  const words: string[] = [];
  for (const word of rest) {
    const equals = word.indexOf("=");
    if (equals > 0) options.set(word.slice(0, equals), word.slice(equals + 1));
    else words.push(word);
  }
  return { verb, words, options };
}

function parseFault(words: readonly string[], options: ReadonlyMap<string, string>): DeviceFault {
  const blind = options.get("blind");
  if (blind !== undefined) return { type: "blind", to: parseList(blind) };
  const slow = options.get("slow");
  if (slow !== undefined) return { type: "slow", ms: parseDuration(slow) };
  const type = words[1];
  if (type === "ok") return { type: "none" };
  if (
    type === "fails" ||
    type === "hangs" ||
    type === "lies" ||
    type === "misreads" ||
    type === "shares-power" ||
    type === "stays-off"
  ) {
    return { type };
  }
  throw new Error(
    `${type} is no device fault; expected ok, fails, hangs, lies, misreads, shares-power, stays-off, slow=30s or blind=1,2`,
  );
}

function nodeOf(world: World, id: NodeId): SimNode {
  const node = world.nodes.get(id);
  if (node === undefined) throw new Error(`there is no node ${id}`);
  return node;
}

function parseMode(text: string): Mode {
  const mode = MODES.find((one) => one === text);
  if (mode === undefined) throw new Error(`${text} is no lock mode; expected ${MODES.join(", ")}`);
  return mode;
}

function build(stage: Stage, options: Command["options"]): string {
  const ms = (key: string): number | undefined => {
    const text = options.get(key);
    return text === undefined ? undefined : parseDuration(text);
  };
  const given = <K extends string>(key: K, value: number | undefined) =>
    (value === undefined ? {} : { [key]: value }) as { [P in K]?: number };
  const whole = (key: string): number | undefined => {
    const text = options.get(key);
    return text === undefined ? undefined : Number(text);
  };
  const seed = options.get("seed");
  stage.world = createWorld({
    config: scenarioConfig(options),
    bootMs: ms("boot-time") ?? BOOT_MS,
    ...given("agentMs", ms("agent-time")),
    ...given("tokenMs", ms("token")),
    ...given("latencyMs", ms("latency")),
    ...given("diskMs", ms("disk-time")),
    ...given("deviceVotes", whole("qdevice")),
    ...(options.get("wait-for-all") === "yes" ? { waitForAll: true } : {}),
    ...given("seed", seed === undefined ? undefined : Number(seed)),
    ...(options.get("restarts") === "yes" ? { restarts: "yes" as const } : {}),
    ...(options.get("story") === "no" ? {} : { say: told(stage) }),
    ...(stage.reached === undefined ? {} : { reached: stage.reached }),
  });
  return "ok\n";
}

function told(stage: Stage): Stage["say"] {
  return (source, text) => {
    if (stage.isQuiet !== true) stage.say(source, text);
  };
}

/** Everybody boots and comes to write; nothing is told of it. */
function start(stage: Stage, world: World): string {
  stage.isQuiet = true;
  for (const node of world.nodes.keys()) world.power(node, "on");
  pass(world, START_MS);
  stage.isQuiet = false;
  return state(world);
}

/** Longest time between two looks of the judges at what is bound to no event. Units: ms. */
const PATROL_MS = 5_000;

/** Lets time pass under the eyes of the judges. */
export function pass(world: World, ms: number): void {
  for (let left = ms; left > 0; left -= PATROL_MS) {
    world.run(Math.min(left, PATROL_MS));
    world.judges.patrol();
  }
}

/** Without the words that are the command's own. */
function settings(options: Command["options"]): Command["options"] {
  return new Map([...options].filter(([key]) => key !== "on"));
}

function parseWeighing(word: string | undefined): "ok" | "refuses" | "silent" | "cannot-read" {
  if (word === "ok" || word === "refuses" || word === "silent" || word === "cannot-read") return word;
  throw new Error(`weighs N ${word}: expected ok, refuses, silent or cannot-read`);
}

type Act = (world: World, nodes: readonly NodeId[], command: Command) => string | undefined;

/** The same for every node that is named. */
function each(act: (world: World, node: NodeId, command: Command) => void): Act {
  return (world, nodes, command) => {
    for (const node of nodes) act(world, node, command);
    return undefined;
  };
}

function onLink(act: (world: World, from: NodeId, to: NodeId, command: Command) => void): Act {
  return (world, _nodes, command) => {
    const [from, to] = (command.words[0] ?? "").split(">").map(Number);
    act(world, from ?? 0, to ?? 0, command);
    return undefined;
  };
}

/** Before a person lowers the expected votes: whoever is not heard could go on by itself. */
function switchOffOthers(world: World, node: NodeId): void {
  const ring = world.ringOf(node);
  if (ring.length === 0) return;
  for (const other of world.nodes.keys()) if (!ring.includes(other)) world.power(other, "off");
}

function askFor(world: World, node: NodeId, options: Command["options"]): void {
  const contradict = options.get("contradict");
  world.request(Number(options.get("by") ?? "1"), {
    type: "ack",
    node,
    by: "root",
    statement: options.get("statement") ?? "unplugged",
    ...(contradict === undefined ? {} : { contradict }),
  });
}

const ACTS: Readonly<Record<string, Act>> = {
  boot(world, nodes, { options }) {
    for (const node of nodes) world.power(node, "on");
    world.run(parseDuration(options.get("wait") ?? "2s"));
    return undefined;
  },
  power: each((world, node, { words }) => world.power(node, words[1] === "on" ? "on" : "off")),
  crash: each((world, node) => world.power(node, "off")),
  kill: each((world, node) => world.kill(node)),
  repair: each((world, node) => world.repair(node)),
  hang: each((world, node) => world.hang(node)),
  resume: each((world, node) => world.resume(node)),
  "pause-daemon": each((world, node) => world.pauseDaemon(node)),
  "resume-daemon": each((world, node) => world.resumeDaemon(node)),
  "kill-daemon": each((world, node) => world.killDaemon(node)),
  "start-daemon": each((world, node, { words }) => world.startDaemon(node, { join: words[1] !== "no-join" })),
  doom: each((world, node, { options }) => world.doom(node, Number(options.get("effects") ?? "0"))),
  "stop-corosync": each((world, node) => world.stopEngine(node)),
  "start-corosync": each((world, node) => world.startEngine(node)),
  split(world, _nodes, { words }) {
    world.split(words.map((word) => parseList(word)));
    return undefined;
  },
  heal(world) {
    world.split([]);
    return undefined;
  },
  cut(world, _nodes, { words }) {
    for (const word of words) {
      const [from, to] = word.split(">").map(Number);
      world.cut(from ?? 0, to ?? 0);
    }
    return undefined;
  },
  delay: onLink((world, from, to, { words }) =>
    world.worsen(from, to, { delayMs: parseDuration(words[1] ?? "0") }),
  ),
  loss: onLink((world, from, to, { words }) =>
    world.worsen(from, to, { loss: Number.parseInt(words[1] ?? "0", 10) / 100 }),
  ),
  qdevice(world, _nodes, { words, options }) {
    const blind = options.get("blind");
    if (blind !== undefined) world.setQuorumDevice({ blind: parseList(blind) });
    else world.setQuorumDevice(words[0] === "down" ? "down" : "up");
    return undefined;
  },
  expect: each((world, node, { words, options }) => {
    if (options.get("sure") === "yes") switchOffOthers(world, node);
    world.expect(node, words[1] === undefined ? undefined : Number(words[1]));
  }),
  upgrade: each((world, node, { words }) => world.install(node, Number(words[1] ?? "2"))),
  uses: each((world, node, { words }) => {
    const open = world.nodes.get(node)?.writing === true;
    if (words[1] !== "if-open" || open)
      world.uses(node, words[1] !== "no", words[2] === "untold" ? "untold" : "told");
  }),
  quorum: each((world, node, { words }) => world.forceQuorum(node, words[1] === "no" ? false : undefined)),
  clock: each((world, node, { options }) => {
    const step = options.get("step");
    const drift = options.get("drift");
    world.clock(node, {
      ...(step === undefined ? {} : { stepMs: parseDuration(step) }),
      ...(drift === undefined ? {} : { drift: Number(drift) }),
    });
  }),
  join(world, nodes) {
    for (const node of nodes) world.request(node, { type: "join" });
    world.run(20);
    return undefined;
  },
  leave(world, nodes) {
    for (const node of nodes) world.request(node, { type: "leave" });
    world.run(20);
    return undefined;
  },
  fence: each((world, node, { options }) =>
    world.request(Number(options.get("by") ?? "1"), { type: "fence", node, by: "root" }),
  ),
  unfence: each((world, node, { options }) =>
    world.request(Number(options.get("by") ?? "1"), { type: "unfence", node, by: "root" }),
  ),
  ack: each((world, node, { options }) => {
    if (options.get("sure") === "yes") world.power(node, "off");
    else world.excuse(node);
    askFor(world, node, options);
    world.run(50);
  }),
  check: each((world, node, { options }) =>
    world.request(Number(options.get("by") ?? "1"), { type: "check", node }),
  ),
  lock: each((world, node, { words, options }) =>
    world.lockers.lock(nodeOf(world, node), words[1] ?? "a", {
      mode: parseMode(options.get("mode") ?? "EX"),
      noQueue: options.get("wait") === "no",
      persistent: options.get("persistent") === "yes",
    }),
  ),
  convert: each((world, node, { words }) =>
    world.lockers.convert(nodeOf(world, node), words[1] ?? "a", parseMode(words[2] ?? "EX")),
  ),
  unlock: each((world, node, { words }) => world.lockers.unlock(nodeOf(world, node), words[1] ?? "a")),
  "lock-load": each((world, node, { options }) =>
    world.lockers.load(nodeOf(world, node), Number(options.get("rounds") ?? "10")),
  ),
  locks: (world, nodes) => locks(world, nodes[0] ?? 0),
  garbage: each((world, node) => world.garbage(node)),
  device(world, _nodes, { words, options }) {
    world.deviceFault(words[0] ?? "", parseFault(words, options));
    return undefined;
  },
  disk: each((world, node, { words, options }) => {
    const slow = options.get("slow");
    if (slow !== undefined) world.disk(node, { slowMs: parseDuration(slow) });
    else world.disk(node, (words[1] ?? "ok") as "ok" | "frozen" | "full");
  }),
  configure(world, _nodes, { options }) {
    const only = options.get("on");
    world.writeFile(scenarioConfig(settings(options)), only === undefined ? undefined : parseList(only));
    return undefined;
  },
  stage: each((world, node, { words, options }) =>
    world.stage(node, scenarioConfig(settings(options)), { replace: words[1] === "replace" }),
  ),
  activate: each((world, node, { options }) => {
    const within = options.get("within");
    const withinMs = within === undefined ? {} : { withinMs: parseDuration(within) };
    world.activate(node, { wait: options.get("wait") === "yes", ...withinMs });
  }),
  confirm: each((world, node) => world.request(node, { type: "config-confirm", by: `root@n${node}` })),
  discard: each((world, node) => world.discard(node)),
  weighs: each((world, node, { words }) => world.weighs(node, parseWeighing(words[1]))),
  config: (world, nodes) => configs(world, nodes[0] ?? 0),
  run(world, _nodes, { words }) {
    pass(world, parseDuration(words[0] ?? "0"));
    return undefined;
  },
  "obey-why": (world) => `${obeyWhy(world)}\n`,
  state,
  "heal-all": (world) => `${healAll(world)}\n`,
  ls: (world, nodes) => ls(world, nodes[0] ?? 0),
  why: (world, nodes) => why(world, nodes[0] ?? 0),
  history: (world, nodes) => history(world, nodes[0] ?? 0),
};

export function perform(stage: Stage, command: Command): string {
  if (command.verb === "cluster") return build(stage, command.options);
  const { world } = stage;
  if (world === undefined) throw new Error("the first command must be `cluster`");
  if (command.verb === "start") return start(stage, world);
  const act = ACTS[command.verb];
  if (act === undefined) {
    const near = nearest(command.verb, ["cluster", "start", ...Object.keys(ACTS)]);
    throw new Error(
      `unknown command ${command.verb}${near === undefined ? "" : `; did you mean ${near}?`} (docs/scenarios.md)`,
    );
  }
  return act(world, parseList(command.words[0]), command) ?? "";
}
