/**
 * Transcripts of the commands, byte for byte. A block is a world, a command line, and what came of it:
 *
 *     # why this block exists
 *     in fencing [typing "absolutely"]
 *     $ fence_tool ls
 *     out|fence domain
 *     err|…
 *     exit 0
 *
 * Trailing spaces are written as `␠`; text without an end of line ends in `⏎̸`.
 */
import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { BUILTIN_NAMES } from "../../../src/agents/frame/builtin.ts";
import { createClient, createConsoleClient } from "../../../src/api/client.ts";
import { runCcsConfigDump } from "../../../src/cli/compat/ccs-config-dump.ts";
import { runCcsConfigValidate } from "../../../src/cli/compat/ccs-config-validate.ts";
import { runCcsTool } from "../../../src/cli/compat/ccs-tool.ts";
import { runCmanTool } from "../../../src/cli/compat/cman-tool.ts";
import { runFenceAckManual } from "../../../src/cli/compat/fence-ack-manual.ts";
import { runFenceCheck } from "../../../src/cli/compat/fence-check.ts";
import { runFenceNode } from "../../../src/cli/compat/fence-node.ts";
import { runFenceTool } from "../../../src/cli/compat/fence-tool.ts";
import type { CliContext } from "../../../src/cli/context.ts";
import { PLAIN } from "../../../src/cli/format/paint.ts";
import { lookAtNode } from "../../../src/cli/node-facts.ts";
import { runBouncer } from "../../../src/cli/program.ts";
import { TOOL_RESULTS } from "./corosync-worlds.ts";
import { type FakeDaemon, startFakeDaemon } from "./fake-daemon.ts";
import { NOW } from "./fixtures.ts";
import { FILES, WORLDS } from "./worlds.ts";

export interface Block {
  readonly comments: readonly string[];
  readonly world: string;
  /** What the person types, in order; `undefined` afterwards, as at the end of input. */
  readonly typing: readonly string[];
  readonly command: string;
}

const TOOLS: Readonly<Record<string, (argv: readonly string[], ctx: CliContext) => Promise<number>>> = {
  bouncer: runBouncer,
  fence_tool: runFenceTool,
  fence_node: runFenceNode,
  fence_ack_manual: runFenceAckManual,
  fence_check: runFenceCheck,
  cman_tool: runCmanTool,
  ccs_tool: runCcsTool,
  ccs_config_dump: runCcsConfigDump,
  ccs_config_validate: runCcsConfigValidate,
};

/** Words, with double quotes around those that contain spaces. */
export function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? "");
}

export function parseTranscript(text: string): Block[] {
  return text
    .split(/\n\n+/)
    .map((part) => part.split("\n"))
    .flatMap((lines) => {
      const command = lines.find((line) => line.startsWith("$ "))?.slice(2);
      if (command === undefined) return [];
      const [, world = "", ...rest] = words(lines.find((line) => line.startsWith("in ")) ?? "");
      return [
        { comments: lines.filter((line) => line.startsWith("#")), world, typing: rest.slice(1), command },
      ];
    });
}

/** The block again, with today's output. */
export async function play(block: Block): Promise<string> {
  const world = WORLDS[block.world];
  if (world === undefined) throw new Error(`no world is called "${block.world}"`);
  const [tool = "", ...argv] = words(block.command);
  const run = TOOLS[tool];
  if (run === undefined) throw new Error(`no tool is called "${tool}"`);
  const daemon = await startFakeDaemon(world);
  const printed: { readonly to: "out" | "err"; readonly text: string }[] = [];
  try {
    const exit = await run(argv, contextOf(daemon, block, printed));
    const typing = block.typing.map((line) => ` "${line}"`).join("");
    const head = [...block.comments, `in ${block.world}${typing === "" ? "" : ` typing${typing}`}`];
    return [...head, `$ ${block.command}`, ...formatPrinted(printed), `exit ${exit}`, ""].join("\n");
  } finally {
    await daemon.close();
  }
}

function contextOf(
  daemon: FakeDaemon,
  block: Block,
  printed: { to: "out" | "err"; text: string }[],
): CliContext {
  const typing = [...block.typing];
  return {
    connect: () => createClient(daemon.transport),
    connectConsole: () => createConsoleClient(daemon.transport),
    openLocks: async () => assert.fail("no transcript locks"),
    runCommand: async () => assert.fail("no transcript runs anything"),
    out: (text) => void printed.push({ to: "out", text }),
    err: (text) => void printed.push({ to: "err", text }),
    ask: async (question) => {
      const line = typing.shift();
      if (block.typing.length > 0) printed.push({ to: "err", text: `${question}${line ?? ""}\n` });
      return line;
    },
    askSecret: async () => typing.shift(),
    interactive: block.typing.length > 0,
    watched: true,
    wall: () => NOW,
    sleep: async (ms, signal) => {
      for (let turns = 0; turns < 30 && signal?.aborted !== true; turns++) await turn();
      if (signal?.aborted !== true) daemon.pass(ms);
      for (let turns = 0; turns < 30 && signal?.aborted !== true; turns++) await turn();
    },
    user: "root",
    columns: 80,
    paint: PLAIN,
    env: {},
    signal: new AbortController().signal,
    files: {
      read: (path) => FILES[block.world]?.[path],
      bytes: (path) => {
        const text = FILES[block.world]?.[path];
        return text === undefined ? "there is no such file" : new TextEncoder().encode(text);
      },
      list: (path) => (FILES[block.world]?.[path] ?? "").split("\n").filter((name) => name !== ""),
      append: () => true,
      replace: () => undefined,
      lock: () => (block.world === "locked" ? { held: "4711" } : { release: () => {} }),
    },
    pid: 12345,
    version: "0.1.0",
    demo: async () => 0,
    // Only what is built in: which others are installed differs from host to host.
    lookAt: ({ agents, files }) =>
      lookAtNode({ agents: agents.filter((name) => BUILTIN_NAMES.includes(name)), files }),
    run: async (tool, args) => TOOL_RESULTS[block.world]?.[[tool, ...args].join(" ")],
  };
}

function formatPrinted(printed: readonly { readonly to: string; readonly text: string }[]): string[] {
  const merged: { to: string; text: string }[] = [];
  for (const { to, text } of printed) {
    const last = merged.at(-1);
    if (last?.to === to) last.text += text;
    else merged.push({ to, text });
  }
  return merged.flatMap(({ to, text }) => {
    if (text === "") return [];
    const whole = text.endsWith("\n");
    const lines = (whole ? text.slice(0, -1) : text).split("\n").map((line) => line.replace(/ $/, "␠"));
    if (!whole) lines[lines.length - 1] += "⏎̸";
    return lines.map((line) => `${to}|${line}`);
  });
}
