/**
 * One node lost after another in a lab, measured from the flight records: what each daemon was told, and
 * what it decided, by the clock of the one machine that all nodes share.
 */
import { openUnixTransport } from "../src/adapters/http/unix-client.ts";
import { createClient } from "../src/api/client.ts";
import type { LabStage } from "../src/lab/stage.ts";

const VICTIM = "tpve02";
const SURVIVORS = ["tpve01", "tpve03"] as const;
/** Units: ms. */
const PATIENCE_MS = 60_000;

interface FlightEffect {
  readonly type: string;
  readonly action?: string;
  readonly message?: { readonly body: { readonly type: string; readonly node?: number } };
}

interface FlightInput {
  readonly type: "input";
  readonly now: { readonly wall: number; readonly mono: number };
  readonly input: {
    readonly type: string;
    readonly left?: readonly unknown[];
    readonly power?: string;
    readonly message?: { readonly body: { readonly type: string } };
  };
  readonly effects?: readonly FlightEffect[];
}

/** What one daemon saw of one incident. Units: ms since 1970. */
interface Seen {
  readonly view: number;
  readonly agentStart?: number;
  readonly readOff?: number;
  readonly thaw?: number;
  /** Time that own messages spent between sending and delivery, from the view to the agent's start. */
  readonly groupMs: number;
}

async function flightOf(socket: string): Promise<readonly FlightInput[]> {
  const text = await createClient(openUnixTransport(socket)).text("flight");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as FlightInput)
    .filter((line) => line.type === "input");
}

const sends = (line: FlightInput, type: string): boolean =>
  line.effects?.some((effect) => effect.type === "multicast" && effect.message?.body.type === type) === true;

/** The newest incident in a flight record: everything after the last view that lost somebody. */
function lastIncident(lines: readonly FlightInput[]): Seen {
  const start = lines.findLastIndex(
    (line) => line.input.type === "view" && (line.input.left?.length ?? 0) > 0,
  );
  const story = lines.slice(Math.max(0, start));
  const at = (line: FlightInput | undefined): number | undefined => line?.now.wall;
  const agentStart = story.find((line) =>
    line.effects?.some((e) => e.type === "run-agent" && e.action === "off"),
  );
  const readOff = story.find((line) => line.input.type === "agent-exit" && sends(line, "fence-result"));
  const thaw = story.find((line) => line.effects?.some((effect) => effect.type === "thaw"));
  let groupMs = 0;
  for (const type of ["hello", "quorate", "fence-start"]) {
    const sent = story.find((line) => sends(line, type));
    const heard = story.find(
      (line) => line.input.type === "deliver" && line.input.message?.body.type === type,
    );
    if (sent !== undefined && heard !== undefined) groupMs += Math.max(0, heard.now.mono - sent.now.mono);
  }
  const entry = (key: string, value: number | undefined) => (value === undefined ? {} : { [key]: value });
  return {
    view: at(story[0]) ?? Number.NaN,
    groupMs,
    ...entry("agentStart", at(agentStart)),
    ...entry("readOff", at(readOff)),
    ...entry("thaw", at(thaw)),
  };
}

/** Units: ms, one sample per round. */
export interface Figures {
  readonly toAgent: number[];
  readonly toGate: number[];
  readonly whole: number[];
  readonly group: number[];
}

export const noFigures = (): Figures => ({ toAgent: [], toGate: [], whole: [], group: [] });

/** Cuts a node, waits for the survivors' storage, heals. Order: as before, afterwards. */
export async function playRound(stage: LabStage, figures: Figures): Promise<void> {
  const open = (node: string, members: number) =>
    stage.until(node, "open", (s) => s.gate === "open" && s.domain.members.length === members, PATIENCE_MS);
  const looked = (node: string) =>
    stage.until(node, "looked", (s) => s.readiness?.ready === s.readiness?.devices, PATIENCE_MS);
  for (const node of [VICTIM, ...SURVIVORS]) await open(node, 3);
  // As in real life: every device was looked at since the daemon started.
  for (const node of SURVIVORS) await looked(node);
  await stage.cut(VICTIM);
  for (const node of SURVIVORS) await open(node, 2);
  const seen: Seen[] = [];
  for (const node of SURVIVORS) seen.push(lastIncident(await flightOf(stage.lab.socket(node))));
  const executor = seen.find((one) => one.agentStart !== undefined);
  const thaws = seen.map((one) => one.thaw ?? Number.NaN);
  if (executor?.agentStart !== undefined && executor.readOff !== undefined) {
    figures.toAgent.push(executor.agentStart - executor.view);
    figures.group.push(executor.groupMs);
    figures.toGate.push(Math.max(...thaws) - executor.readOff);
    figures.whole.push(Math.max(...thaws) - Math.min(...seen.map((one) => one.view)));
  }
  await stage.heal(VICTIM);
}
