/** `npm run lab`: clusters of real Corosync nodes on this machine, in namespaces. See docs/lab.md. */
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { STORIES } from "../stories/all.ts";
import type { Story, StoryArguments } from "../stories/stage.ts";
import { NODES_MAX } from "./addresses.ts";
import { LAB_AGENT_DEFAULT, LAB_AGENTS, type LabAgent, MIXED } from "./agent.ts";
import { askLab, type LabReply, type LabRequest, TROUBLES } from "./control.ts";
import { findLab, findLabs } from "./find.ts";
import { TOKEN_MS_DEFAULT } from "./lab.ts";
import { NODE_ENVIRONMENT } from "./places.ts";
import { serve, type UpOptions, up } from "./serve.ts";
import { entering } from "./space/enter.ts";
import { playInLabs } from "./stories.ts";

const ROUNDS_MAX = 1_000;
const EXIT = { ok: 0, failed: 1, usage: 2, notRoot: 77 } as const;

const USAGE = `usage: npm run lab -- COMMAND …          (as root; what it is: docs/lab.md)

  up [--nodes N] [--token MS] [--bare] [--lvm]
                                        starts a lab and leaves it running; --bare: without bouncerd;
                                        --lvm: with a block device that all nodes share
  status                                the labs of this machine, their nodes
  exec NODE COMMAND…                    runs a command on a node: exec tpve01 fence_tool ls
  ${TROUBLES.join("|")} NODE
                                        makes trouble: pulls its network cable, its plug, …
  down                                  ends the lab and everything in it
  story NAME                            plays a story in a lab of its own; exits 0 when it ended well
  all [--at-once N]                     plays every story that does not take a minute
  list                                  the stories

  --rounds N, --grant-everything        for the stories of LVM: how long; without locks
  --agent NAME  ${LAB_AGENTS.join(", ")} (${LAB_AGENT_DEFAULT}); for all also ${MIXED}, its default
  --lab ID  which lab, when several run        --json  for story and all: one JSON line per story
NODE is tpve01, tpve02, … Nothing here touches a real machine.
`;

/** Words of the command line; `exec` takes everything after the node as it stands. */
function parse(args: readonly string[]) {
  const at = args.indexOf("exec");
  const own = at < 0 ? args : args.slice(0, at + 1);
  const { values, positionals } = parseArgs({
    args: [...own],
    allowPositionals: true,
    options: {
      nodes: { type: "string", default: "3" },
      token: { type: "string", default: String(TOKEN_MS_DEFAULT) },
      bare: { type: "boolean", default: false },
      lvm: { type: "boolean", default: false },
      lab: { type: "string" },
      rounds: { type: "string" },
      "grant-everything": { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      agent: { type: "string" },
      "at-once": { type: "string", default: "2" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  return { values, words: at < 0 ? positionals : [...positionals, ...args.slice(at + 1)] };
}

async function main(): Promise<number> {
  const { values, words } = parse(process.argv.slice(2));
  const [command = "help", first, ...rest] = words;
  if (values.help || command === "help") return print(USAGE);
  if (command === "list") return listStories();
  if (process.getuid?.() !== 0) {
    process.stderr.write("lab: needs root, for namespaces, networks and Corosync\n");
    return EXIT.notRoot;
  }
  const tokenMs = wholeNumber("--token", values.token, 60_000);
  const agent = values.agent === MIXED ? LAB_AGENT_DEFAULT : agentCalled(values.agent ?? LAB_AGENT_DEFAULT);
  const upOptions: UpOptions = {
    nodes: wholeNumber("--nodes", values.nodes, NODES_MAX),
    tokenMs,
    agent,
    ...(values.bare ? { bare: true } : {}),
    ...(values.lvm ? { lvm: "bouncerd" } : {}),
  };
  const play = (stories: readonly Story[]) =>
    playInLabs(stories, {
      atOnce: wholeNumber("--at-once", values["at-once"], 8),
      output: values.json ? "json" : "text",
      tokenMs,
      agent: command === "all" && (values.agent ?? MIXED) === MIXED ? MIXED : agent,
    });
  const trouble = TROUBLES.find((name) => name === command);

  if (command === "serve") return serve(upOptions);
  if (command === "up") return startLab(upOptions);
  if (command === "all") return play(here().filter((story) => story.apart !== true));
  if (command === "status") return showLabs();
  if (command === "down") return ask({ op: "down" }, values.lab);
  if (first === undefined) return usage();
  if (command === "story") return play([varied(storyCalled(first), values)]);
  if (command === "exec" && rest.length > 0) return execute(first, rest, values.lab);
  if (trouble !== undefined) return ask({ op: trouble, node: first }, values.lab);
  return usage();
}

async function startLab(options: UpOptions): Promise<number> {
  const { id } = await up(options);
  return print(`lab ${id} runs, ${options.nodes} nodes; try:
  npm run --silent lab -- exec tpve01 fence_tool ls
  npm run --silent lab -- cut tpve02
  npm run --silent lab -- down
`);
}

async function showLabs(): Promise<number> {
  for (const lab of findLabs()) {
    const reply = okay(await askLab(lab.pid, { op: "describe" }));
    const nodes = reply.nodes.map(
      ({ name, pid }) => `  ${name}  ${pid === undefined ? "off" : `on, init ${pid}`}\n`,
    );
    const problems = reply.problems.map((problem) => `  problem: ${problem}\n`);
    print(`lab ${lab.id}\n${nodes.join("")}${problems.join("")}`);
  }
  return EXIT.ok;
}

async function ask(request: LabRequest, id: string | undefined): Promise<number> {
  const lab = findLab(id);
  okay(await askLab(lab.pid, request));
  if (request.op !== "down") return EXIT.ok;
  while (findLabs().some((one) => one.id === lab.id)) await new Promise((resolve) => setImmediate(resolve));
  return EXIT.ok;
}

async function execute(node: string, command: readonly string[], id: string | undefined): Promise<number> {
  const reply = okay(await askLab(findLab(id).pid, { op: "describe" }));
  const found = reply.nodes.find((one) => one.name === node);
  const names = reply.nodes.map((one) => one.name).join(", ");
  if (found === undefined) throw new RangeError(`there is no node ${node}; there are ${names}`);
  if (found.pid === undefined) throw new Error(`${node} is off`);
  const [file = "", ...args] = [...entering(found.pid), ...command];
  const result = spawnSync(file, args, { stdio: "inherit", env: NODE_ENVIRONMENT });
  return result.status ?? EXIT.failed;
}

function okay(reply: LabReply): Extract<LabReply, { ok: true }> {
  if (reply.ok) return reply;
  throw new Error(reply.problem);
}

function here(): readonly Story[] {
  return STORIES.filter((story) => story.runsIn.includes("lab"));
}

function storyCalled(name: string): Story {
  const story = here().find((one) => one.name === name);
  if (story !== undefined) return story;
  throw new RangeError(
    `there is no story ${name} for the lab; there are ${here()
      .map((one) => one.name)
      .join(" ")}`,
  );
}

interface Variation {
  readonly rounds?: string | undefined;
  readonly "grant-everything": boolean;
}

/** Whoever plays a story by its name plays the whole of it. */
function varied(story: Story, { rounds, "grant-everything": grantEverything }: Variation): Story {
  const asked = rounds !== undefined || grantEverything;
  if (asked && story.vary === undefined) throw new RangeError(`${story.name} has no rounds and no variants`);
  const how: StoryArguments = {
    ...(rounds === undefined ? {} : { rounds: wholeNumber("--rounds", rounds, ROUNDS_MAX) }),
    ...(grantEverything ? { grantEverything } : {}),
  };
  return story.vary?.(how) ?? story;
}

function agentCalled(name: string): LabAgent {
  const agent = LAB_AGENTS.find((one) => one === name);
  if (agent !== undefined) return agent;
  throw new RangeError(`there is no agent ${name}; there are ${LAB_AGENTS.join(" ")}`);
}

function listStories(): number {
  return print(
    here()
      .map(({ name, claim }) => `${name.padEnd(20)} ${claim}\n`)
      .join(""),
  );
}

function wholeNumber(name: string, text: string, max: number): number {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= max) return value;
  throw new RangeError(`${name} takes a whole number from 1 to ${max}`);
}

function print(text: string): number {
  process.stdout.write(text);
  return EXIT.ok;
}

function usage(): number {
  process.stderr.write(USAGE);
  return EXIT.usage;
}

try {
  process.exitCode = await main();
} catch (error) {
  const code = (error as { code?: string }).code ?? "";
  const isUsage = error instanceof RangeError || code.startsWith("ERR_PARSE_ARGS");
  process.stderr.write(`lab: ${(error as Error).message}\n`);
  process.exitCode = isUsage ? EXIT.usage : EXIT.failed;
}
