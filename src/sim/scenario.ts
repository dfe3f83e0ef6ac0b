/**
 * `.scn` files: stories as text, each block a command and what it led to. The runner plays the
 * commands and writes today's outputs; a test compares. Source: docs/scenarios.md.
 */
import type { NodeId } from "../core/ids.ts";
import { formatDuration } from "../core/view/verdict.ts";
import { parseDuration, parseList, scenarioConfig } from "./scenario-config.ts";
import type { DeviceFault } from "./types.ts";
import { createWorld, type World } from "./world.ts";

interface Line {
  readonly at: number;
  readonly text: string;
  readonly sources: string[];
}

/** Equal lines of several nodes this close together are one line. Units: virtual ms. */
const SAME_MS = 50;
/** Boot time of a scenario's machines. */
const BOOT_MS = 1_000;

interface Stage {
  world: World | undefined;
  lines: Line[];
}

function note(stage: Stage, source: string, text: string): void {
  const at = stage.world?.now() ?? 0;
  const same = stage.lines.find((line) => line.text === text && at - line.at <= SAME_MS && source !== "hw");
  if (same === undefined) stage.lines.push({ at, text, sources: [source] });
  else if (!same.sources.includes(source)) same.sources.push(source);
}

function formatLines(lines: readonly Line[]): string {
  return lines
    .map((l) => `${String(l.at).padStart(6)} ${l.sources.join(",").padEnd(9)} ${l.text}\n`)
    .join("");
}

interface Command {
  readonly verb: string;
  readonly words: readonly string[];
  readonly options: ReadonlyMap<string, string>;
}

function parseCommand(text: string): Command {
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
  const type = words[1];
  if (type === "ok") return { type: "none" };
  if (type === "fails" || type === "hangs" || type === "lies" || type === "shares-power") return { type };
  throw new Error(`${type} is no device fault; expected ok, fails, hangs, lies, shares-power or blind=1,2`);
}

function ls(world: World, node: NodeId): string {
  const domain = world.status(node)?.domain;
  if (domain === undefined) return "error: no daemon\n";
  return [
    `member count  ${domain.memberCount}`,
    `victim count  ${domain.victimCount}`,
    `victim now    ${domain.victimNow}`,
    `master nodeid ${domain.masterNodeid}`,
    `wait state    ${domain.waitState}`,
    `members       ${domain.members.join(" ")}`,
    "",
  ].join("\n");
}

function why(world: World, node: NodeId): string {
  const status = world.status(node);
  if (status === undefined) return "error: no daemon\n";
  const causes = status.why.map(
    (cause) => `${cause.node ?? "-"}: ${cause.step}\n  ends when ${cause.endsWhen}\n`,
  );
  return `${status.verdict}\n${causes.join("")}`;
}

function history(world: World, node: NodeId): string {
  const incidents = world.nodes.get(node)?.core?.ledger.incidents ?? [];
  if (incidents.length === 0) return "no incidents\n";
  return incidents
    .map((i) => {
      const proof = i.evidence.map((e) => `${e.grade} ${e.source}`).join("; ");
      return `#${i.seq} ${i.name} ${i.cause}, ${i.how}, took ${formatDuration(i.doneAt - i.firstSeenAt)}: ${proof}\n`;
    })
    .join("");
}

function perform(stage: Stage, { verb, words, options }: Command): string {
  if (verb === "cluster") {
    const agent = options.get("agent-time");
    stage.world = createWorld({
      config: scenarioConfig(options),
      bootMs: BOOT_MS,
      ...(agent === undefined ? {} : { agentMs: parseDuration(agent) }),
      say: (source, text) => note(stage, source, text),
    });
    return "ok\n";
  }
  const world = stage.world;
  if (world === undefined) throw new Error("the first command must be `cluster`");
  const nodes = parseList(words[0]);
  const first = nodes[0] ?? 0;
  const by = Number(options.get("by") ?? "1");
  switch (verb) {
    case "boot":
      for (const node of nodes) world.power(node, "on");
      world.run(parseDuration(options.get("wait") ?? "2s"));
      break;
    case "power":
      for (const node of nodes) world.power(node, words[1] === "on" ? "on" : "off");
      break;
    case "crash":
      for (const node of nodes) world.power(node, "off");
      break;
    case "hang":
      for (const node of nodes) world.hang(node);
      break;
    case "resume":
      for (const node of nodes) world.resume(node);
      break;
    case "kill-daemon":
      for (const node of nodes) world.killDaemon(node);
      break;
    case "start-daemon":
      for (const node of nodes) world.startDaemon(node, { join: words[1] !== "no-join" });
      break;
    case "split":
      world.split(words.map((word) => parseList(word)));
      break;
    case "heal":
      world.split([]);
      break;
    case "uses":
      for (const node of nodes) world.uses(node, words[1] === "yes");
      break;
    case "join":
    case "leave":
      for (const node of nodes) world.request(node, { type: verb });
      world.run(20);
      break;
    case "fence":
      world.request(by, { type: "fence", node: first, by: "root" });
      break;
    case "ack": {
      world.excuse(first);
      const contradict = options.get("contradict");
      const statement = options.get("statement") ?? "unplugged";
      world.request(by, {
        type: "ack",
        node: first,
        by: "root",
        statement,
        ...(contradict === undefined ? {} : { contradict }),
      });
      world.run(50);
      break;
    }
    case "check":
      world.request(by, { type: "check", node: first });
      break;
    case "device":
      world.deviceFault(words[0] ?? "", parseFault(words, options));
      break;
    case "disk":
      world.disk(first, (words[1] ?? "ok") as "ok" | "frozen" | "full");
      break;
    case "configure":
      world.setConfig(scenarioConfig(options));
      break;
    case "run":
      world.run(parseDuration(words[0] ?? "0"));
      break;
    case "ls":
      return ls(world, first);
    case "why":
      return why(world, first);
    case "history":
      return history(world, first);
    default:
      throw new Error(`unknown command ${verb}`);
  }
  return "";
}

/** Plays a file: answers the same file with today's outputs. A broken promise is an output too. */
export function playScenario(text: string): string {
  const stage: Stage = { world: undefined, lines: [] };
  const out: string[] = [];
  for (const block of text.replace(/\n+$/, "\n").split("\n\n")) {
    const lines = block.split("\n");
    const marker = lines.indexOf("----");
    const head = marker < 0 ? lines : lines.slice(0, marker);
    const commands = head.filter((line) => line !== "" && !line.startsWith("#"));
    out.push(...head.filter((line) => line !== ""));
    if (commands.length > 0) {
      stage.lines = [];
      let answer = "";
      for (const command of commands) {
        try {
          answer += perform(stage, parseCommand(command));
        } catch (error) {
          answer += `error: ${error instanceof Error ? error.message : String(error)}\n`;
        }
      }
      const story = formatLines(stage.lines) + answer;
      out.push("----", (story === "" ? "ok\n" : story).trimEnd());
    }
    out.push("");
  }
  return `${out.join("\n").trimEnd()}\n`;
}
