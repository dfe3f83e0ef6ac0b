/** Times that contradict each other: what Corosync waits for, what the domain does, what agents need. */
import type { FenceDaemonConfig } from "../core/config.ts";
import { type ListedLine, sentValue } from "./line-list.ts";
import type { Problems } from "./problem.ts";
import { BUDGET_MS_MAX, uncutRunMs } from "./timing.ts";
import { attributeOf, childOf, parseInteger, placeOf, quoted } from "./values.ts";
import type { Element } from "./xml.ts";

/** What the old stack and Corosync take without a word. Units: ms. */
const TOKEN_DEFAULT_MS = 10_000;

/** Shorter ones take a busy host for a dead one. Units: ms. */
const TOKEN_MS_LOW = 1_000;

/** Longer ones leave everybody waiting for a dead node. Units: ms. */
const TOKEN_MS_HIGH = 60_000;

/** Numbers of Corosync that decide how soon a loss is noticed. Units: ms. */
const TOTEM_NUMBERS = ["token", "consensus", "join"] as const;

export function checkWaits(
  root: Element,
  fenceDaemon: FenceDaemonConfig,
  lines: readonly ListedLine[],
  problems: Problems,
): void {
  const tokenMs = checkTotem(childOf(root, "totem"), problems);
  const daemon = childOf(root, "fence_daemon");
  const failMs = fenceDaemon.postFailDelayMs;
  if (daemon !== undefined && failMs > 0 && failMs < tokenMs) {
    problems.hint(
      placeOf(daemon, "post_fail_delay"),
      `post_fail_delay is ${failMs / 1_000} s, and Corosync's token ${tokenMs / 1_000} s`,
      "0, or clearly more than the token",
      { reason: "no node comes back in this time: it only delays the fencing" },
    );
  }
  if (daemon !== undefined && failMs === -1) {
    problems.warn(
      placeOf(daemon, "post_fail_delay"),
      "post_fail_delay is -1: nobody is ever fenced by itself",
      "0, or a number of seconds",
      { reason: "storage stays held until the node is back or a person acts" },
    );
  }
  for (const line of lines) checkBudget(line, problems);
}

/** Returns the token timeout. Units: ms. */
function checkTotem(totem: Element | undefined, problems: Problems): number {
  if (totem === undefined) return TOKEN_DEFAULT_MS;
  const values = new Map<string, number>();
  for (const name of TOTEM_NUMBERS) {
    const attribute = attributeOf(totem, name);
    if (attribute === undefined) continue;
    const value = parseInteger(attribute.value);
    if (value === undefined || value < 1) {
      const what = `${name} is ${quoted(attribute.value)}`;
      problems.error(attribute.place, what, "a whole number of milliseconds, at least 1");
    } else values.set(name, value);
  }
  const token = values.get("token") ?? TOKEN_DEFAULT_MS;
  const consensus = values.get("consensus");
  const join = values.get("join");
  if (values.has("token") && token < TOKEN_MS_LOW) {
    const what = `token is ${token} ms: a host that is busy for so long counts as dead`;
    problems.warn(placeOf(totem, "token"), what, "1000 or more (the unit is milliseconds)");
  } else if (token > TOKEN_MS_HIGH) {
    const what = `token is ${token / 1_000} s: a dead node is noticed after that, and storage waits`;
    problems.hint(placeOf(totem, "token"), what, "10000 (the unit is milliseconds)");
  }
  if (consensus !== undefined && consensus < (token * 12) / 10) {
    const what = `consensus is ${consensus} ms, and token ${token} ms`;
    problems.warn(placeOf(totem, "consensus"), what, `${(token * 12) / 10} or more, or no consensus`, {
      reason: "Corosync wants at least 1.2 times the token: the membership could fall apart",
    });
  }
  if (join !== undefined && join >= token) {
    const what = `join is ${join} ms, and token ${token} ms`;
    problems.warn(placeOf(totem, "join"), what, "clearly less than the token, or no join");
  }
  return token;
}

const TIMEOUTS = ["login_timeout", "shell_timeout", "power_timeout", "power_wait"] as const;

/** The daemon ends a run in the end: what an agent is allowed to wait must fit in. */
function checkBudget(line: ListedLine, problems: Problems): void {
  const seconds = new Map<string, number>();
  for (const name of TIMEOUTS) {
    const value = parseInteger(sentValue(line, name) ?? "");
    if (value !== undefined) seconds.set(name, value);
  }
  if (seconds.size === 0) return;
  const runMs = uncutRunMs(seconds);
  if (runMs <= BUDGET_MS_MAX) return;
  const longest = [...seconds].reduce((a, b) => (b[1] > a[1] ? b : a))[0];
  const written = line.attributes.findLast(({ name }) => name === longest);
  problems.warn(
    written?.place ?? line.element.place,
    `the timeouts of device ${quoted(line.device.name)} allow ${Math.round(runMs / 1_000)} s for one run`,
    `less: a run is ended after ${BUDGET_MS_MAX / 1_000} s, and the next method tried`,
  );
}
