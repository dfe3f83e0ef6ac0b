/** `<logging>`, as far as the daemon can follow it. */
import type { Problems } from "./problem.ts";
import { booleanOf, childrenOf, pathOf, textOf, wordOf } from "./values.ts";
import type { Element } from "./xml.ts";

export interface LoggingConfig {
  readonly toSyslog: boolean;
  readonly toLogfile: boolean;
  readonly level: "error" | "warn" | "info" | "debug";
  readonly logfile?: string;
}

export const LOGGING_DEFAULTS: LoggingConfig = { toSyslog: true, toLogfile: false, level: "info" };

/** Names of `<logging_daemon>` whose settings are ours. */
const OWN_DAEMONS: ReadonlySet<string> = new Set(["fenced", "bouncerd"]);

const PRIORITIES = [
  "emerg",
  "alert",
  "crit",
  "err",
  "error",
  "warning",
  "warn",
  "notice",
  "info",
  "debug",
] as const;

const LEVELS: Readonly<Record<(typeof PRIORITIES)[number], LoggingConfig["level"]>> = {
  emerg: "error",
  alert: "error",
  crit: "error",
  err: "error",
  error: "error",
  warning: "warn",
  warn: "warn",
  notice: "info",
  info: "info",
  debug: "debug",
};

/** A daemon's own settings beat the global ones; `debug` beats the priority of the same element. */
export function readLogging(element: Element | undefined, problems: Problems): LoggingConfig {
  if (element === undefined) return LOGGING_DEFAULTS;
  let logging = readOne(element, LOGGING_DEFAULTS, problems);
  for (const daemon of childrenOf(element, "logging_daemon")) {
    const isOwn = OWN_DAEMONS.has(textOf(daemon, "name") ?? "");
    const own = readOne(daemon, logging, problems);
    if (isOwn) logging = own;
  }
  return logging;
}

function readOne(element: Element, base: LoggingConfig, problems: Problems): LoggingConfig {
  const toSyslog = booleanOf(element, "to_syslog", problems) ?? base.toSyslog;
  const toLogfile = booleanOf(element, "to_logfile", problems) ?? base.toLogfile;
  const syslog = wordOf(element, "syslog_priority", PRIORITIES, problems);
  const file = wordOf(element, "logfile_priority", PRIORITIES, problems);
  const logfile = pathOf(element, "logfile", problems) ?? base.logfile;
  const debug = booleanOf(element, "debug", problems);
  const priority = syslog ?? file;
  let level = priority === undefined ? base.level : LEVELS[priority];
  if (debug === true) level = "debug";
  if (debug === false && level === "debug") level = "info";
  return { toSyslog, toLogfile, level, ...(logfile === undefined ? {} : { logfile }) };
}
