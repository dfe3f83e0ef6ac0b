/** `fence_check`: asks every fence device of every node, for cron. Runs on the master only. */
import { dirname, join } from "node:path";
import type { StatusView } from "../../core/view/types.ts";
import { type CliContext, socketOf } from "../context.ts";
import { EXIT } from "../exit-codes.ts";
import { statusWhen } from "../follow.ts";
import type { Session } from "../session.ts";
import { agentArgs } from "./agent-args.ts";
import { formatDate } from "./date.ts";
import { aggregate, checkLines, formatArgsLine, formatDeviceLine } from "./fence-node-text.ts";
import { has, type Parsed } from "./getopt.ts";
import { isClusterDown, isInDomain, runOldTool, statusIfRunning } from "./old-tool.ts";

const HELP = `fence_check [-d] [-v] [-e] [-f]

  -d        write no log file
  -v        say what is being done
  -e        show the arguments of devices that failed, secrets masked
  -f        go on without quorum
  -V        version
  -h        this help

Exit code: 0 all answered, 2 the cluster is down, 3 not now or not on this
node, 4 another one is running, 5 at least one device did not answer.
The same from any node: bouncer check
`;

const LOG_FILE = "/var/log/cluster/fence_check.log";
const EXIT_NOT_RUNNING = 2;
const EXIT_NOT_NOW = 3;
const EXIT_LOCKED = 4;
const EXIT_FAILED = 5;
/** Methods of one node that are tested, as in the old tool. */
const METHODS_MAX = 8;
/** The old tool gave the quorum a second to appear. */
const QUORUM_WITHIN_MS = 1_000;

export function runFenceCheck(argv: readonly string[], ctx: CliContext): Promise<number> {
  const onBadOption = (): number => {
    ctx.out(HELP);
    return EXIT.failed;
  };
  return runOldTool({ name: "fence_check", options: "dvef", help: HELP, run, onBadOption }, argv, ctx);
}

interface Job {
  readonly session: Session;
  readonly force: boolean;
  readonly withArgs: boolean;
  /** To standard output and to the log file. */
  readonly say: (line: string) => void;
  /** The same with `-v` only. */
  readonly tell: (line: string) => void;
}

async function run(session: Session, parsed: Parsed): Promise<number> {
  const { ctx } = session;
  const say = (line: string): void => {
    ctx.out(`${line}\n`);
    if (!has(parsed, "d")) ctx.files.append(LOG_FILE, `${line}\n`);
  };
  const tell = (line: string): void => {
    if (has(parsed, "v")) say(line);
  };
  const job: Job = { session, force: has(parsed, "f"), withArgs: has(parsed, "e"), say, tell };
  const lock = ctx.files.lock(join(dirname(socketOf(ctx.env)), "fence_check.pid"));
  if ("held" in lock) {
    say(`Another process (${lock.held}) is holding the lock`);
    return EXIT_LOCKED;
  }
  try {
    say(`fence_check run at ${formatDate(ctx.wall())} pid: ${ctx.pid}`);
    const exit = await checkAll(job);
    tell(`cleanup: ${exit}`);
    return exit;
  } finally {
    lock.release();
  }
}

async function checkAll(job: Job): Promise<number> {
  const first = await conditions(job);
  if (typeof first === "number") return first;
  const nodes = [...first.nodes].sort((a, b) => a.id - b.id).map((node) => node.name);
  job.tell(`Get node list: ${nodes.join(" ")}`);
  let exit: number = EXIT.ok;
  for (const node of nodes) {
    if (job.session.ctx.signal.aborted) return EXIT.failed;
    const status = await conditions(job);
    if (typeof status === "number") return exit === EXIT.ok ? status : exit;
    if (!(await checkNode(job, status, node))) exit = EXIT_FAILED;
  }
  return exit;
}

/** The status when a test may run now, else the exit code; says which condition is missing. */
async function conditions(job: Job): Promise<StatusView | number> {
  const { session, say, tell } = job;
  const stop = (what: string): number => {
    say(`Unable to perform fence_check: ${what}`);
    return EXIT_NOT_NOW;
  };
  let status = await statusIfRunning(session);
  const running = status !== undefined && !isClusterDown(status);
  tell(`Checking if cman is running: ${running ? "running" : "not running"}`);
  if (status === undefined || !running) {
    say("Unable to perform fence_check: cman is not running");
    return EXIT_NOT_RUNNING;
  }
  if (!job.force) {
    status = (await statusWhen(session, (view) => view.quorate, { timeoutMs: QUORUM_WITHIN_MS })) ?? status;
    tell(`Checking if node is quorate: ${status.quorate ? "quorate" : "not quorate"}`);
    if (!status.quorate) return stop("node is not quorate");
  }
  const inside = isInDomain(status);
  tell(`Checking if node is in fence domain: ${inside ? "yes" : "no"}`);
  if (!inside) return stop("node is not part of the fence domain");
  const isMaster = status.domain.masterNodeid === status.nodeId;
  tell(`Checking if node is fence master: this node is ${isMaster ? "" : "not "}fence master`);
  if (!isMaster) return stop("node is not fence master");
  const busy = status.domain.victimCount > 0;
  tell(`Checking if real fencing is in progress: ${busy ? "fencing in progress" : "no fencing in progress"}`);
  return busy ? stop("real fencing operation in progress") : status;
}

async function checkNode(job: Job, status: StatusView, name: string): Promise<boolean> {
  const { session, say, tell } = job;
  const { client, call } = session;
  const methods = status.nodes.find((node) => node.name === name)?.methods.length ?? 0;
  tell(`Testing ${name} fencing`);
  tell(`Found ${methods} method(s) to test for node ${name}`);
  let passed = true;
  for (let method = 0; method < Math.min(methods, METHODS_MAX); method++) {
    const { devices } = await client.check({ name, method }, call);
    const failed = aggregate(devices) === "failed";
    say(`Testing ${name} method ${method + 1}: ${failed ? "FAILED" : "success"}`);
    if (!failed) continue;
    passed = false;
    const args = job.withArgs ? agentArgs(session.ctx, status, name) : () => undefined;
    for (const line of checkLines(devices)) {
      say(formatDeviceLine("status", name, line).trimEnd());
      if (job.withArgs) say(formatArgsLine(name, line.agent, args(method, line.device)).replace("\n", ""));
    }
  }
  return passed;
}
