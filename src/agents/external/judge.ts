/** What an exit code means. Source: FenceAgentAPI, exit codes; docs/agents.md, "The answer". */
import type { AgentOutcome } from "../../ports/agent-runner.ts";
import type { ExecResult } from "../../ports/exec.ts";
import { lastWords } from "./last-words.ts";
import type { Redact } from "./redact.ts";

const EXIT_DONE = 0;
const EXIT_OFF = 2;

/** Actions whose exit code tells a power state. */
const POWER_ACTIONS: ReadonlySet<string> = new Set(["status", "monitor"]);

export function isPowerAction(action: string): boolean {
  return POWER_ACTIONS.has(action.toLowerCase());
}

/** Never says `off`, and never `ok`, unless the agent said so plainly. */
export function judge(action: string, result: ExecResult, redact: Redact): AgentOutcome {
  const reads = isPowerAction(action);
  const seen = result.exitCode === undefined ? {} : { exitCode: result.exitCode };
  const base = { ...seen, tookMs: result.tookMs };
  const bad = (text: string, kind: "failed" | "timeout" = "failed"): AgentOutcome => ({
    result: kind,
    ...(reads ? { power: "unknown" as const } : {}),
    ...base,
    detail: redact(text),
  });
  const last = (): string => {
    const words = lastWords(result, "stderr");
    return words === "" ? "" : `: ${words}`;
  };

  if (result.problem !== undefined) return bad(result.problem, result.timedOut ? "timeout" : "failed");
  if (result.timedOut) return bad(`no end within its time limit, ended by us${last()}`, "timeout");
  if (result.cancelled) return bad("ended by us: no longer needed", "timeout");
  if (result.signal !== undefined) return bad(`ended by ${result.signal}${last()}`);
  if (reads && result.exitCode === EXIT_OFF) {
    const doubt = doubtAboutOff(result);
    if (doubt !== undefined) return bad(`exit code 2, but ${doubt}${last()}`);
    return { result: "ok", power: "off", ...base, detail: redact(lastWords(result, "stdout") || "off") };
  }
  if (result.exitCode !== EXIT_DONE) return bad(`exit code ${result.exitCode}${last()}`);
  const detail = redact(lastWords(result, "stdout") || (reads ? "on" : "done"));
  return { result: "ok", ...(reads ? { power: "on" as const } : {}), ...base, detail };
}

/**
 * 2 is also what a shell says of a syntax error, Python of a file that it cannot open, and `[`,
 * `grep` and `curl` of their own troubles. All of them complain; an agent that read "off" does not,
 * or it says OFF on standard output as well.
 */
function doubtAboutOff(result: ExecResult): string | undefined {
  const said = result.stdout.head + result.stdout.tail;
  const on = /\bon\b/i.test(said);
  const off = /\boff\b/i.test(said);
  if (on && /\bstatus\s*[:=]\s*"?on\b/i.test(said)) return "it printed that the status is on";
  if (off) return undefined;
  if (on) return "it printed ON and not OFF";
  const complained = (result.stderr.head + result.stderr.tail).trim() !== "";
  return complained ? "it complained and did not print OFF" : undefined;
}
