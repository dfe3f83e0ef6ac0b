/** Persistent reservations of one disk, through sg_persist. */
import type { Millis } from "../../core/ids.ts";
import type { AgentHost } from "../../ports/agent-host.ts";
import { type AgentContext, problem, type Result, success } from "../frame/agent.ts";
import { leftMs } from "../frame/pace.ts";
import { keysIn, type Reservation, reservationIn } from "./answers.ts";

/** Write exclusive, registrants only: all who are registered write, whoever holds the reservation. */
const TYPE = "5";
/** What a disk says once to each who was affected by a change. Source: sg3_utils(8), exit status. */
const EXIT_UNIT_ATTENTION = 6;
const EXIT_CONFLICT = 24;
/** Units: pieces. One for each kind of change that a disk may have to tell before it answers. */
const ATTEMPTS_MAX = 5;

export interface ScsiTool {
  keys(disk: string): Promise<Result<readonly string[]>>;
  reservation(disk: string): Promise<Result<Reservation | "none">>;
  register(path: string, key: string): Promise<Result<void>>;
  reserve(disk: string, key: string): Promise<Result<void>>;
  /** Removes the other key from the disk, and what was on its way under it. */
  preempt(disk: string, own: string, other: string): Promise<Result<void>>;
  /** Any program of this machine, for what it prints. */
  ask(file: string, args: readonly string[]): Promise<Result<string>>;
}

export interface ScsiToolOptions {
  readonly host: AgentHost;
  readonly sgPersist: string;
  readonly readOnly: boolean;
  /** The disk remembers registrations when it loses its power. */
  readonly aptpl: boolean;
  readonly answerMs: Millis;
}

export function createScsiTool(options: ScsiToolOptions, context: AgentContext): ScsiTool {
  const { host, sgPersist, answerMs } = options;
  const reading = ["-n", "-i", ...(options.readOnly ? ["-y"] : [])];

  async function run(file: string, args: readonly string[]) {
    const budgetMs = Math.min(answerMs, leftMs(context));
    if (budgetMs <= 0) return problem("cancelled", "its time was over before the disk was asked");
    const done = await host.run({ file, args, budgetMs, cancel: context.signal });
    if (done.cancelled) return problem("cancelled", "its time was over, or it was called off");
    if (done.timedOut)
      return problem("timeout", `${shown(file, args)}: no answer: the path to the disk hangs`);
    if (done.problem !== undefined) {
      return problem("missing", `${file} cannot be run (${done.problem}): is sg3-utils installed?`);
    }
    return success(done);
  }

  async function ask(file: string, args: readonly string[]): Promise<Result<string>> {
    for (let attempt = 1; ; attempt++) {
      const done = await run(file, args);
      if (!done.ok) return done;
      const { exitCode, stdout, stderr } = done.value;
      if (exitCode === 0 && stdout.tail === "") return success(stdout.head);
      if (exitCode === EXIT_UNIT_ATTENTION && attempt < ATTEMPTS_MAX) continue;
      const said = lastLine(`${stdout.head}\n${stderr.head}`);
      const why = exitCode === EXIT_CONFLICT ? "reservation conflict" : said;
      return problem("refused", `${shown(file, args)}: exit ${exitCode ?? "by a signal"}: ${why}`);
    }
  }

  const order = async (args: readonly string[]): Promise<Result<void>> => {
    const done = await ask(sgPersist, ["-n", "-o", ...args]);
    return done.ok ? success(undefined) : done;
  };

  return {
    ask,
    async keys(disk) {
      const answer = await ask(sgPersist, [...reading, "-k", "-d", disk]);
      if (!answer.ok) return answer;
      const keys = keysIn(answer.value);
      return keys === undefined ? nonsense(disk, "keys") : success(keys);
    },
    async reservation(disk) {
      const answer = await ask(sgPersist, [...reading, "-r", "-d", disk]);
      if (!answer.ok) return answer;
      const held = reservationIn(answer.value);
      return held === undefined ? nonsense(disk, "reservation") : success(held);
    },
    register: (path, key) => order(["-I", "-S", key, "-d", path, ...(options.aptpl ? ["-Z"] : [])]),
    reserve: (disk, key) => order(["-R", "-T", TYPE, "-K", key, "-d", disk]),
    preempt: (disk, own, other) => order(["-A", "-T", TYPE, "-K", own, "-S", other, "-d", disk]),
  };
}

function nonsense(disk: string, what: string): { ok: false; problem: { kind: "protocol"; detail: string } } {
  return {
    ok: false,
    problem: { kind: "protocol", detail: `sg_persist told no whole list: ${what} of ${disk}` },
  };
}

function shown(file: string, args: readonly string[]): string {
  return `${file.slice(file.lastIndexOf("/") + 1)} ${args.join(" ")}`.slice(0, 160);
}

function lastLine(text: string): string {
  const lines = text.split("\n").map((line) => line.replace(/[^\x20-\x7e]+/g, " ").trim());
  return (lines.findLast((line) => line !== "") ?? "it said nothing").slice(0, 160);
}
