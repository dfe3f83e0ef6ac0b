/** What the tests of built-in agents share: asking one, and running one as a command. */
import assert from "node:assert/strict";
import { createServer } from "node:net";
import type { AgentAction, AgentAnswer, BuiltinAgent, ProblemKind } from "../../../src/agents/frame/agent.ts";
import { loadBuiltin } from "../../../src/agents/frame/builtin.ts";
import { type CommandWorld, runCommand } from "../../../src/agents/frame/command.ts";
import { Values } from "../../../src/agents/frame/values.ts";

/** Has every character that some form of writing has to replace; must not be seen anywhere. */
export const CANARY = "c4n&ry<7>\"f%25'";
export const LOGIN = { user: "Administrator", password: CANARY } as const;

/** Units: ms. Much longer than anything takes; a test that needs it has failed. */
const BUDGET_MS = 30_000;

export type Given = Readonly<Record<string, string | undefined>>;

export async function builtin(name: string): Promise<BuiltinAgent> {
  const agent = await loadBuiltin(name);
  assert.ok(agent !== undefined, `${name} is built in`);
  return agent;
}

/** Also looks that nothing in the answer tells the password. */
export async function ask(
  name: string,
  action: AgentAction,
  given: Given,
  { budgetMs = BUDGET_MS, identity = "skip" as "ask" | "skip" } = {},
): Promise<AgentAnswer> {
  const agent = await builtin(name);
  const texts = Object.entries(given).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const context = {
    signal: new AbortController().signal,
    deadline: performance.now() + budgetMs,
    identity,
  };
  const answer = await agent.run(action, new Values(agent.parameters, new Map(texts)), context);
  tellsNothing(JSON.stringify(answer));
  return answer;
}

export function kindOf(answer: AgentAnswer): ProblemKind | "ok" {
  return answer.ok ? "ok" : answer.problem.kind;
}

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** As `bouncer agent NAME` runs it, with the parameters on standard input or in `argv`. */
export async function runAsCommand(name: string, stdin: string, argv: readonly string[] = []): Promise<Ran> {
  let out = "";
  let err = "";
  const world: CommandWorld = {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    stdin: async () => stdin,
    shell: async () => undefined,
    append: () => false,
    wall: () => new Date(0),
    env: {},
    signal: new AbortController().signal,
    version: "test",
  };
  const code = await runCommand(await builtin(name), argv, world);
  tellsNothing(out + err);
  return { code, out, err };
}

function tellsNothing(text: string): void {
  const base64 = Buffer.from(`${LOGIN.user}:${CANARY}`).toString("base64");
  for (const form of [CANARY, JSON.stringify(CANARY).slice(1, -1), encodeURIComponent(CANARY), base64]) {
    assert.ok(!text.includes(form), "a password was printed");
  }
}

/** A port of the loopback on which nobody listens. */
export async function deadPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  assert.ok(typeof address === "object" && address !== null);
  return address.port;
}
