/**
 * From Corosync's view to the gate open again, on real Corosync nodes: with the built-in agents, and with
 * Debian's fence_ipmilan, against a real IPMI controller and our simulators. Times are read from the flight records: what each daemon was told, and
 * what it decided, by the clock of the one machine that all nodes share.
 */
import { openUnixTransport } from "../src/adapters/http/unix-client.ts";
import { createClient } from "../src/api/client.ts";
import type { LabAgent } from "../src/lab/agent.ts";
import { openLabStage } from "../src/lab/stage.ts";
import { type Bench, percentile, type Report } from "./report.ts";

const ROUNDS = 7;
const ROUNDS_OTHERS = 3;
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

interface Figures {
  readonly toAgent: number[];
  readonly toGate: number[];
  readonly whole: number[];
  readonly group: number[];
}

async function measure(agent: LabAgent, rounds: number): Promise<Figures> {
  const figures: Figures = { toAgent: [], toGate: [], whole: [], group: [] };
  const stage = await openLabStage({ nodes: 3, agent, say: () => {} });
  try {
    const all = [VICTIM, ...SURVIVORS];
    const open = (node: string, members: number) =>
      stage.until(node, "open", (s) => s.gate === "open" && s.domain.members.length === members, PATIENCE_MS);
    const looked = (node: string) =>
      stage.until(node, "looked", (s) => s.readiness?.ready === s.readiness?.devices, PATIENCE_MS);
    for (let round = 0; round < rounds; round++) {
      for (const node of all) await open(node, 3);
      // As in real life: every device was looked at since the daemon started.
      for (const node of SURVIVORS) await looked(node);
      await stage.cut(VICTIM);
      for (const node of SURVIVORS) await open(node, 2);
      const seen = [];
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
  } finally {
    await stage.close();
  }
  return figures;
}

export const run: Bench = async (report: Report) => {
  if (process.getuid?.() !== 0) {
    report.note("needs root: namespaces and Corosync");
    return;
  }
  const { toAgent, toGate, whole, group } = await measure("ipmilan", ROUNDS);
  report.samples("view event to the agent's start", toAgent, "ms");
  report.samples("  of it between sending and delivery (Corosync)", group, "ms");
  report.samples("read back off to the gate open on the last node", toGate, "ms");
  report.samples("view event to the gate open, fence_ipmilan built in", whole, "ms");
  for (const agent of ["debian", "ilo", "redfish"] as const) {
    const other = await measure(agent, ROUNDS_OTHERS);
    report.samples(`view event to the gate open, ${WORDS[agent]}`, other.whole, "ms");
    if (agent === "debian") {
      report.ratio("  Debian's executable to built in", percentile(other.whole, 0.5), percentile(whole, 0.5));
    }
  }
  report.note("Pacemaker 2.1 in the same lab: 2.0 s to the agent's start, 2.3 s to 6.3 s to service resumed");
};

const WORDS = {
  debian: "Debian's fence_ipmilan",
  ilo: "fence_ilo2 built in (RIBCL)",
  redfish: "fence_redfish built in",
} as const;
