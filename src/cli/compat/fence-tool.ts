/** `fence_tool join|leave|ls|dump`: prints and exits as the old one. Deviations: docs/compat.md. */
import { OperationError } from "../../core/errors.ts";
import type { Millis } from "../../core/ids.ts";
import type { StatusView } from "../../core/view/types.ts";
import type { CliContext } from "../context.ts";
import { EXIT } from "../exit-codes.ts";
import { statusWhen } from "../follow.ts";
import { clean } from "../format/text.ts";
import type { Session } from "../session.ts";
import { formatDumpLine, formatLs, formatLsNodes } from "./fence-tool-text.ts";
import { has, lastValue, type Parsed } from "./getopt.ts";
import { systemsInUse } from "./in-use.ts";
import { Die, isClusterDown, isInDomain, isUnreachable, runOldTool, statusIfRunning } from "./old-tool.ts";

const HELP = `fence_tool join|leave|ls|dump [options]

  join      enter the fence domain
  leave     leave the fence domain
  ls        show the fence domain
  dump      show the last lines of the daemon's story

  -n        with ls: every node
  -t SEC    join: wait for the daemon and the cluster (default 0, -1 for ever)
  -q SEC    join: wait for quorum, then go on without it (default 0)
  -m SEC    join: wait for all nodes of cluster.conf, then go on (default 0)
  -w SEC    wait until the join or leave is done (default 0)
  -V        version
  -h        this help

The same and more: bouncer help
`;

const VERBS = ["join", "leave", "ls", "dump"];
/** The old tool said every ten seconds what it was waiting for. */
const SAY_EVERY_MS: Millis = 10_000;
const RETRY_EVERY_MS: Millis = 1_000;
/** Without -w: how long the daemon may take to start joining or leaving. */
const TAKE_MS: Millis = 10_000;

export function runFenceTool(argv: readonly string[], ctx: CliContext): Promise<number> {
  return runOldTool({ name: "fence_tool", options: "nt:q:m:w:", help: HELP, run }, argv, ctx);
}

async function run(session: Session, parsed: Parsed): Promise<number> {
  const unknown = parsed.words.find((word) => !VERBS.includes(word));
  if (unknown !== undefined) throw new Die(`unknown option ${clean(unknown)}\n`);
  const times = {
    t: seconds(parsed, "t"),
    q: seconds(parsed, "q"),
    m: seconds(parsed, "m"),
    w: seconds(parsed, "w"),
  };
  switch (parsed.words.at(-1)) {
    case "join":
      return await join(session, times);
    case "leave":
      return await leave(session, times.w);
    case "ls":
      return await ls(session, has(parsed, "n"));
    case "dump":
      return await dump(session);
    default:
      throw new Die("no operation specified\n");
  }
}

/** `-1` waits for ever. Returns milliseconds, and -1 for ever. */
function seconds(parsed: Parsed, letter: string): Millis {
  const text = lastValue(parsed, letter) ?? "0";
  if (!/^(-1|[0-9]{1,9})$/.test(text))
    throw new Die(`-${letter} needs a number of seconds, not "${clean(text)}"`);
  return text === "-1" ? -1 : Number(text) * 1_000;
}

async function ls(session: Session, nodes: boolean): Promise<number> {
  const status = await statusIfRunning(session);
  if (status === undefined || !isInDomain(status)) return EXIT.failed; // Silent, as it always was.
  session.ctx.out(nodes ? formatLsNodes(status) : formatLs(status));
  return EXIT.ok;
}

/** An id that the daemon does not know makes it send every line that it still has. */
const FROM_THE_START = "fence_tool-0";

async function dump({ ctx, client, call }: Session): Promise<number> {
  try {
    for await (const event of client.events(FROM_THE_START, call)) {
      if (event.type === "status") break; // It follows the lines that were kept.
      if (event.type === "log") ctx.out(formatDumpLine(event.data));
    }
    return EXIT.ok;
  } catch (error) {
    if (isUnreachable(error)) throw new Die("dump: can't communicate with fenced");
    throw error;
  }
}

interface Times {
  readonly t: Millis;
  readonly q: Millis;
  readonly m: Millis;
  readonly w: Millis;
}

async function join(session: Session, times: Times): Promise<number> {
  const { ctx } = session;
  const status = await whenRunning(session, times.t);
  if (isInDomain(status)) return EXIT.ok;
  await delayFor(session, times.q, (view) => view.quorate, "quorum");
  await delayFor(session, times.m, (view) => view.nodes.every((node) => node.present), "members");
  const asked = ask(session, "join");
  const joined = await settle(session, times.w, isInDomain, "join", asked);
  if (joined || times.w === 0) return EXIT.ok;
  ctx.err("fence_tool: join not complete\n");
  return EXIT.failed;
}

/** Retries until the daemon runs and has a cluster, for at most `timeoutMs`. */
async function whenRunning(session: Session, timeoutMs: Millis): Promise<StatusView> {
  const { ctx } = session;
  for (let waitedMs = 0; ; waitedMs += RETRY_EVERY_MS) {
    const status = await statusIfRunning(session);
    if (status !== undefined && !isClusterDown(status)) return status;
    if (ctx.signal.aborted || (timeoutMs !== -1 && waitedMs >= timeoutMs)) {
      if (status === undefined) throw new Die("fenced not running, no lockfile");
      throw new Die("can't connect to cman");
    }
    if (waitedMs > 0 && waitedMs % SAY_EVERY_MS === 0) ctx.err("fence_tool: retrying cman connection\n");
    await ctx.sleep(RETRY_EVERY_MS, ctx.signal);
  }
}

async function delayFor(
  session: Session,
  timeoutMs: Millis,
  holds: (status: StatusView) => boolean,
  what: "quorum" | "members",
): Promise<void> {
  if (timeoutMs === 0) return;
  const { ctx } = session;
  const onEvery = (): void => ctx.err(`fence_tool: delaying for ${what}\n`);
  try {
    const status = await statusWhen(session, holds, { timeoutMs, everyMs: SAY_EVERY_MS, onEvery });
    if (status !== undefined) return;
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    throw new Die(what === "quorum" ? "lost cman connection" : "lost cman/ccs connection");
  }
  const all = what === "quorum" ? "quorum" : "all members";
  ctx.err(`fence_tool: continuing without ${all}\n`);
}

/** A request under way. `failure` is set when the daemon refused it. */
interface Asked {
  readonly settled: Promise<void>;
  readonly failure: () => unknown;
  readonly isDone: () => boolean;
  readonly stop: () => void;
}

function ask({ ctx, client }: Session, verb: "join" | "leave"): Asked {
  const stop = new AbortController();
  let failure: unknown;
  let done = false;
  const call = { signal: AbortSignal.any([stop.signal, ctx.signal]) };
  const settled = (verb === "join" ? client.join({}, call) : client.leave({}, call)).then(
    () => {
      done = true;
    },
    (error: unknown) => {
      if (!stop.signal.aborted) failure = error;
    },
  );
  return { settled, failure: () => failure, isDone: () => done, stop: () => stop.abort() };
}

/** Waits for the answer or for the status that it leads to, whichever comes first. */
async function settle(
  session: Session,
  waitMs: Millis,
  holds: (status: StatusView) => boolean,
  verb: "join" | "leave",
  asked: Asked,
): Promise<boolean> {
  const { ctx } = session;
  const onEvery = (): void => {
    if (waitMs !== 0) ctx.err(`fence_tool: waiting for fenced to ${verb} the fence group.\n`);
  };
  const timeoutMs = waitMs === 0 ? TAKE_MS : waitMs;
  const seen = statusWhen(session, holds, { timeoutMs, everyMs: SAY_EVERY_MS, onEvery });
  seen.catch(() => {}); // Reported below, unless the answer came first.
  try {
    await Promise.race([asked.settled, seen]);
    if (asked.failure() !== undefined) throw asked.failure();
    return asked.isDone() || (await seen) !== undefined;
  } finally {
    asked.stop();
  }
}

async function leave(session: Session, waitMs: Millis): Promise<number> {
  const { ctx, client, call } = session;
  const own = systemsInUse(ctx.files);
  if (own.length > 0) return refuse(ctx, own);
  const status = await statusIfRunning(session);
  if (status === undefined) throw new Die("leave: can't communicate with fenced");
  if (!isInDomain(status)) return EXIT.ok;
  const isOut = (view: StatusView): boolean => !isInDomain(view);
  try {
    const left = await settle(session, waitMs, isOut, "leave", ask(session, "leave"));
    if (left || waitMs === 0) return EXIT.ok;
    ctx.err("fence_tool: leave not complete\n");
    return EXIT.failed;
  } catch (error) {
    if (!(error instanceof OperationError) || error.code !== "DOM_IN_USE") throw error;
    const { inUse } = await client.status({}, call);
    return refuse(
      ctx,
      inUse.map((use) => `found ${clean(use)}`),
    );
  }
}

function refuse(ctx: CliContext, found: readonly string[]): number {
  ctx.err(found.map((line) => `${line}\n`).join(""));
  ctx.err("fence_tool: cannot leave due to active systems\n");
  return EXIT.failed;
}
