/** `fence_node`: fence, unfence or read a node by hand. All result text goes to standard error. */
import { OperationError } from "../../core/errors.ts";
import type { NodeView, StatusView } from "../../core/view/types.ts";
import type { CliContext } from "../context.ts";
import { EXIT } from "../exit-codes.ts";
import { clean } from "../format/text.ts";
import { unknownNode } from "../nearest.ts";
import type { Session } from "../session.ts";
import { agentArgs } from "./agent-args.ts";
import {
  aggregate,
  checkLines,
  type DeviceLine,
  deviceLines,
  formatArgsLine,
  formatDeviceLine,
  NO_METHOD,
} from "./fence-node-text.ts";
import { has, lastValue, type Parsed } from "./getopt.ts";
import { Die, isClusterDown, runOldTool, sentence, statusIfRunning } from "./old-tool.ts";

const HELP = `fence_node [-U] [-S] [-v|-vv] [-e 0|1] [-m NUM] NODE

  (none)    fence the node and read back that it is off
  -U        unfence it (without NODE: this node)
  -S        read its fence devices, cut nothing
  -m NUM    with -S: only method NUM, counted from 1
  -v        a line for every device; -vv: its arguments as well, secrets masked
  -e 0|1    accepted for old scripts; the fence domain always knows
  -V        version
  -h        this help

Exit code: 0 success, 1 failed, 2 the node has no such method.
The same and more: bouncer help fence
`;

/** The old tool tried to reach cman three times, a second apart. */
const TRIES = 3;
const TRY_EVERY_MS = 1_000;

export function runFenceNode(argv: readonly string[], ctx: CliContext): Promise<number> {
  return runOldTool({ name: "fence_node", options: "USve:m:", help: HELP, run }, argv, ctx);
}

const EXITS = { success: EXIT.ok, failed: EXIT.failed, undefined: EXIT.undefined } as const;

interface Job {
  readonly session: Session;
  readonly status: StatusView;
  readonly node: NodeView;
  /** How often `-v` was given. */
  readonly verbose: number;
}

async function run(session: Session, parsed: Parsed): Promise<number> {
  const { ctx } = session;
  const [asked, second] = parsed.words;
  if (second !== undefined) throw new Die(`unknown option ${clean(second)}`);
  const unfencing = has(parsed, "U");
  if (asked === undefined && !unfencing) throw new Die("no node name specified");
  const methodText = lastValue(parsed, "m") ?? "0";
  if (!/^[0-9]{1,4}$/.test(methodText))
    throw new Die(`-m needs the number of a method, not "${clean(methodText)}"`);
  const status = await whenRunning(session);
  const node = status.nodes.find((one) => one.name === (asked ?? status.node));
  if (node === undefined) throw new Die(unknownNode(status, asked ?? status.node));
  const verbose = parsed.options.filter((option) => option.letter === "v").length;
  const job: Job = { session, status, node, verbose };
  if (has(parsed, "S")) return await readStatus(job, Number(methodText));
  const verb = unfencing ? "unfence" : "fence";
  try {
    return await act(job, verb);
  } catch (error) {
    if (!(error instanceof OperationError) || ctx.signal.aborted) throw error;
    ctx.err(`fence_node: ${sentence(error)}\n${verb} ${node.name} failed\n`);
    return EXIT.failed;
  }
}

async function whenRunning(session: Session): Promise<StatusView> {
  const { ctx } = session;
  for (let tries = 1; ; tries++) {
    const status = await statusIfRunning(session);
    if (status !== undefined && !isClusterDown(status)) return status;
    if (tries >= TRIES || ctx.signal.aborted) throw new Die("cannot connect to cman");
    await ctx.sleep(TRY_EVERY_MS, ctx.signal);
  }
}

async function act(job: Job, verb: "fence" | "unfence"): Promise<number> {
  const { session, node } = job;
  const { ctx, client, call } = session;
  const by = { name: node.name, by: ctx.user };
  const reply = verb === "fence" ? await client.fence(by, call) : await client.unfence(by, call);
  const lines = reply.outcome === "undefined" ? [NO_METHOD] : deviceLines(reply.steps);
  if (job.verbose > 0) printLines(job, verb, lines);
  ctx.err(`${verb} ${node.name} ${reply.outcome}\n`);
  return EXITS[reply.outcome];
}

async function readStatus(job: Job, method: number): Promise<number> {
  const { session, node } = job;
  const { ctx, client, call } = session;
  if (node.methods.length === 0 || method > node.methods.length) {
    if (job.verbose > 0) printLines(job, "status", [NO_METHOD]);
    ctx.err(`status ${node.name} undefined\n`);
    return EXIT.undefined;
  }
  const only = method === 0 ? {} : { method: method - 1 };
  const { devices } = await client.check({ name: node.name, ...only }, call);
  const result = aggregate(devices);
  if (job.verbose > 0 || result === "failed") printLines(job, "status", checkLines(devices));
  ctx.err(`status ${node.name} ${result === "failed" ? "failed -1" : `success ${result}`}\n`);
  return result === "failed" ? EXIT.failed : EXIT.ok;
}

function printLines(job: Job, verb: string, lines: readonly DeviceLine[]): void {
  const { session, status, node } = job;
  const { ctx } = session;
  const args = job.verbose > 1 ? agentArgs(ctx, status, node.name) : () => undefined;
  for (const line of lines) {
    ctx.err(formatDeviceLine(verb, node.name, line));
    if (job.verbose < 2 || line === NO_METHOD) continue;
    const method = verb === "unfence" ? "unfence" : line.method;
    ctx.err(formatArgsLine(node.name, line.agent, args(method, line.device)));
  }
}
