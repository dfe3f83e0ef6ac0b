/** `cman_tool`: prints and exits as the old one, on top of Corosync 3. Deviations: docs/compat.md. */
import { OperationError } from "../../core/errors.ts";
import type { Millis } from "../../core/ids.ts";
import type { CliContext } from "../context.ts";
import { EXIT } from "../exit-codes.ts";
import { clean } from "../format/text.ts";
import type { Session } from "../session.ts";
import { reloadConfig } from "./cman-reload.ts";
import { CMAN_VERSION, formatFields, formatNodes, formatStatus } from "./cman-tool-text.ts";
import { type CmanView, readCman } from "./cman-view.ts";
import { formatLs } from "./fence-tool-text.ts";
import { has, lastValue, type Parsed } from "./getopt.ts";
import { systemsInUse } from "./in-use.ts";
import { Die, isInDomain, isUnreachable, runOldTool, statusIfRunning } from "./old-tool.ts";

const HELP = `cman_tool status|nodes|version|wait|expected|leave|kill|services [options]

  status         this node's view of the cluster
  nodes          the nodes; -a with addresses, -n NODE only that one,
                 -F id,name,type,addr,votes,exp,state those fields
  version        version of the configuration; -r brings cluster.conf into force
  wait           wait until this node is in the cluster, with -q until it is quorate
  expected -e N  expect N votes, until a node with more comes
  leave          leave the cluster; -w waits until it is done
  kill -n NODE   have another node's Corosync end
  services       fence_tool ls

  -t SEC         give up after that, exit 2
  -V             version
  -h             this help

The same and more: bouncer help
`;

const VERBS = [
  "status",
  "nodes",
  "version",
  "wait",
  "expected",
  "leave",
  "kill",
  "services",
  "join",
  "votes",
];

/** Legacy: ran out of time. */
const EXIT_TIMED_OUT = 2;
const LOOK_EVERY_MS: Millis = 1_000;

export function runCmanTool(argv: readonly string[], ctx: CliContext): Promise<number> {
  const options = "aqwrSde:n:t:F:v:D:c:m:p:N:C:k:i:2XAPz";
  return runOldTool({ name: "cman_tool", options, help: HELP, run }, argv, ctx);
}

async function run(session: Session, parsed: Parsed): Promise<number> {
  const { ctx } = session;
  const [verb, second] = parsed.words;
  if (verb === undefined) throw new Die("no operation specified");
  if (!VERBS.includes(verb)) throw new Die(`unknown option ${clean(verb)}`);
  if (second !== undefined && VERBS.includes(second)) throw new Die("can't specify two operations");
  switch (verb) {
    case "status":
      ctx.out(formatStatus(await readCman(session)));
      return EXIT.ok;
    case "nodes":
      return nodes(session, parsed);
    case "version":
      if (has(parsed, "r")) return reloadConfig(session);
      ctx.out(`${CMAN_VERSION} config ${(await readCman(session)).configVersion}\n`);
      return EXIT.ok;
    case "wait":
      return wait(session, parsed, (view) => !has(parsed, "q") || view?.quorate === true);
    case "expected":
      return expected(session, parsed);
    case "leave":
      return leave(session, parsed);
    case "kill":
      return kill(session, parsed);
    case "services":
      return services(session);
    case "join":
      return join(session);
    default:
      throw new Die("votes stand in cluster.conf now: change them there, then cman_tool version -r");
  }
}

async function nodes(session: Session, parsed: Parsed): Promise<number> {
  const view = await readCman(session);
  const names = parsed.options.filter(({ letter }) => letter === "n").map(({ value }) => value);
  const shown = {
    ...view,
    nodes: view.nodes.filter(({ name }) => names.length === 0 || names.includes(name)),
  };
  const wanted = lastValue(parsed, "F");
  if (wanted === undefined) {
    session.ctx.out(formatNodes(shown, { addresses: has(parsed, "a") }));
    return EXIT.ok;
  }
  const text = formatFields(shown, wanted.split(","));
  if (text === undefined) throw new Die(`Unknown format option '${clean(wanted)}'`);
  session.ctx.out(text);
  return EXIT.ok;
}

/** The view, or absent while there is none. */
async function viewNow(session: Session): Promise<CmanView | undefined> {
  try {
    return await readCman(session);
  } catch (error) {
    if (error instanceof Die) return undefined;
    throw error;
  }
}

async function wait(
  session: Session,
  parsed: Parsed,
  holds: (view: CmanView | undefined) => boolean,
): Promise<number> {
  const { ctx } = session;
  const limitMs = seconds(parsed);
  for (let waitedMs = 0; ; waitedMs += LOOK_EVERY_MS) {
    const view = await viewNow(session);
    if (view !== undefined && holds(view)) return EXIT.ok;
    if (ctx.signal.aborted) return EXIT.interrupted;
    if (limitMs !== 0 && waitedMs >= limitMs) return timedOut(ctx);
    await ctx.sleep(LOOK_EVERY_MS, ctx.signal);
  }
}

function timedOut(ctx: CliContext): number {
  ctx.err("Timed-out waiting for cluster\n");
  return EXIT_TIMED_OUT;
}

/** Units: ms. 0: no limit. */
function seconds(parsed: Parsed): Millis {
  const text = lastValue(parsed, "t") ?? "0";
  if (!/^[0-9]{1,9}$/.test(text)) throw new Die(`-t needs a number of seconds, not "${clean(text)}"`);
  return Number(text) * 1_000;
}

async function expected(session: Session, parsed: Parsed): Promise<number> {
  const text = lastValue(parsed, "e");
  if (text === undefined) throw new Die("number of expected votes not specified (-e)");
  const view = await readCman(session);
  const votes = Number(text);
  const quorum = Math.floor(votes / 2) + 1;
  const isPossible = /^[0-9]{1,5}$/.test(text) && votes > 0;
  // Less than half would let the others have a quorum of their own; more than all would stop us.
  if (!isPossible || quorum > view.totalVotes || quorum < view.totalVotes / 2) {
    throw new Die("can't set expected votes: Invalid argument");
  }
  const result = await session.ctx.run("corosync-quorumtool", ["-e", String(votes)]);
  if (result?.exit !== 0) throw new Die("can't set expected votes: Corosync refused, or does not run here");
  return EXIT.ok;
}

async function leave(session: Session, parsed: Parsed): Promise<number> {
  const { ctx } = session;
  await readCman(session);
  const busy = new Die("Error leaving cluster: Device or resource busy");
  const own = systemsInUse(ctx.files);
  const status = await statusIfRunning(session);
  const isDomain = status !== undefined && isInDomain(status);
  if (own.length > 0 || isDomain) {
    ctx.err(own.map((line) => `${line}\n`).join(""));
    if (isDomain) ctx.err("this node is in the fence domain: fence_tool leave\n");
    throw busy;
  }
  const result = await ctx.run("corosync-cfgtool", ["-H"]);
  if (result?.exit !== 0) throw busy;
  if (!has(parsed, "w")) return EXIT.ok;
  const limitMs = seconds(parsed);
  for (let waitedMs = 0; ; waitedMs += LOOK_EVERY_MS) {
    if ((await viewNow(session)) === undefined) return EXIT.ok;
    if (ctx.signal.aborted) return EXIT.interrupted;
    if (limitMs !== 0 && waitedMs >= limitMs) return timedOut(ctx);
    await ctx.sleep(LOOK_EVERY_MS, ctx.signal);
  }
}

/** As it always was: exit 0, whatever became of it; standard error says what did. */
async function kill(session: Session, parsed: Parsed): Promise<number> {
  const { ctx } = session;
  const names = parsed.options.filter(({ letter }) => letter === "n").map(({ value }) => value);
  if (names.length === 0) throw new Die("No node name specified\n");
  const view = await readCman(session);
  for (const name of names) {
    const node = view.nodes.find((one) => one.name === name);
    if (node === undefined) {
      ctx.err(`Can't kill node ${clean(name)} : No such file or directory\n`);
      continue;
    }
    const result =
      node.state === "X" ? undefined : await ctx.run("corosync-cfgtool", ["-k", String(node.id)]);
    if (result?.exit !== 0) ctx.err("kill node failed: Invalid argument\n");
  }
  return EXIT.ok;
}

async function services(session: Session): Promise<number> {
  await readCman(session);
  try {
    session.ctx.out(formatLs(await session.client.status({}, session.call)));
  } catch (error) {
    if (!isUnreachable(error)) throw error; // Corosync alone has no services.
  }
  return EXIT.ok;
}

async function join(session: Session): Promise<number> {
  if ((await viewNow(session)) !== undefined) throw new Die("Node is already active");
  throw new OperationError("CLU_UNAVAILABLE", "Corosync is started by the system, not by this command");
}
