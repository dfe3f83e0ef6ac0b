/** Parameters that many agents share. Source: fence-agents, fencing.py, all_opt and DEPENDENCY_OPT. */
import type { Parameter } from "./agent.ts";

const PLAIN = { required: false, secret: false } as const;

/** Of the original's `default` list: every agent has them. */
export const COMMON: readonly Parameter[] = [
  {
    ...PLAIN,
    name: "action",
    short: "o",
    type: "string",
    default: "reboot",
    required: true,
    description: "Fencing action",
    placeholder: "[action]",
    order: 1,
  },
  {
    ...PLAIN,
    name: "quiet",
    short: "q",
    type: "boolean",
    description: "Disable logging to stderr. Does not affect --verbose or --debug-file or logging to syslog.",
    order: 50,
  },
  {
    ...PLAIN,
    name: "verbose",
    short: "v",
    type: "boolean",
    description:
      "Verbose mode. Multiple -v flags can be stacked on the command line (e.g., -vvv) to increase verbosity.",
    order: 51,
  },
  {
    ...PLAIN,
    name: "verbose_level",
    type: "integer",
    description:
      "Level of debugging detail in output. Defaults to the number of --verbose flags specified on the command " +
      "line, or to 1 if verbose=1 in a stonith device configuration (i.e., on stdin).",
    order: 52,
  },
  {
    ...PLAIN,
    name: "debug_file",
    alias: "debug",
    short: "D",
    type: "string",
    description: "Write debug information to given file",
    placeholder: "[debugfile]",
    order: 53,
  },
  {
    ...PLAIN,
    name: "version",
    short: "V",
    type: "boolean",
    description: "Display version information and exit",
    order: 54,
  },
  { ...PLAIN, name: "help", short: "h", type: "boolean", description: "Display help and exit", order: 55 },
  {
    ...PLAIN,
    name: "plug_separator",
    type: "string",
    default: ",",
    description: "Separator for plug parameter when specifying more than 1 plug",
    placeholder: "[char]",
    order: 100,
  },
  {
    ...PLAIN,
    name: "delay",
    type: "second",
    default: "0",
    description: "Wait X seconds before fencing is started",
    placeholder: "[seconds]",
    order: 200,
  },
  {
    ...PLAIN,
    name: "disable_timeout",
    type: "string",
    description: "Disable timeout (true/false) (default: true when run from Pacemaker 2.0+)",
    placeholder: "[true/false]",
    order: 200,
  },
  {
    ...PLAIN,
    name: "login_timeout",
    type: "second",
    default: "5",
    description: "Wait X seconds for cmd prompt after login",
    placeholder: "[seconds]",
    order: 200,
  },
  {
    ...PLAIN,
    name: "power_timeout",
    type: "second",
    default: "20",
    description: "Test X seconds for status change after ON/OFF",
    placeholder: "[seconds]",
    order: 200,
  },
  {
    ...PLAIN,
    name: "power_wait",
    type: "second",
    default: "0",
    description: "Wait X seconds after issuing ON/OFF",
    placeholder: "[seconds]",
    order: 200,
  },
  {
    ...PLAIN,
    name: "shell_timeout",
    type: "second",
    default: "3",
    description: "Wait X seconds for cmd prompt after issuing command",
    placeholder: "[seconds]",
    order: 200,
  },
  {
    ...PLAIN,
    name: "stonith_status_sleep",
    type: "second",
    default: "1",
    description: "Sleep X seconds between status calls during a STONITH action",
    placeholder: "[seconds]",
    order: 200,
  },
  {
    ...PLAIN,
    name: "retry_on",
    type: "integer",
    default: "1",
    description: "Count of attempts to retry power on",
    placeholder: "[attempts]",
    order: 201,
  },
];

export const IP: Parameter = {
  ...PLAIN,
  name: "ip",
  alias: "ipaddr",
  short: "a",
  type: "string",
  required: true,
  description: "IP address or hostname of fencing device",
  placeholder: "[ip]",
  order: 1,
};

export const IPPORT: Parameter = {
  ...PLAIN,
  name: "ipport",
  short: "u",
  type: "integer",
  description: "TCP/UDP port to use for connection with device",
  placeholder: "[port]",
  order: 1,
};

export const USERNAME: Parameter = {
  ...PLAIN,
  name: "username",
  alias: "login",
  short: "l",
  type: "string",
  required: true,
  description: "Login name",
  placeholder: "[name]",
  order: 1,
};

export const PASSWORD: readonly Parameter[] = [
  {
    ...PLAIN,
    name: "password",
    alias: "passwd",
    short: "p",
    type: "string",
    secret: true,
    description: "Login password or passphrase",
    placeholder: "[password]",
    order: 1,
  },
  {
    ...PLAIN,
    name: "password_script",
    alias: "passwd_script",
    short: "S",
    type: "string",
    description: "Script to run to retrieve password",
    placeholder: "[script]",
    order: 1,
  },
];

/** For agents with outlets or machines behind one address. */
export const PLUG: readonly Parameter[] = [
  {
    ...PLAIN,
    name: "plug",
    alias: "port",
    short: "n",
    type: "string",
    required: true,
    description: "Physical plug number on device, UUID or identification of machine",
    placeholder: "[id]",
    order: 1,
  },
  {
    ...PLAIN,
    name: "separator",
    short: "C",
    type: "string",
    default: ",",
    description: "Separator for CSV created by 'list' operation",
    placeholder: "[char]",
    order: 100,
  },
];

/** For agents with one machine behind one address: plug may name that address. */
export const PLUG_AS_ADDRESS: readonly Parameter[] = [
  {
    ...PLAIN,
    name: "plug",
    alias: "port",
    short: "n",
    type: "string",
    description: "IP address or hostname of fencing device (together with --port-as-ip)",
    placeholder: "[ip]",
    order: 1,
  },
  {
    ...PLAIN,
    name: "port_as_ip",
    type: "boolean",
    description: 'Make "port/plug" to be an alias to IP address',
    order: 200,
  },
];

export const METHOD: Parameter = {
  ...PLAIN,
  name: "method",
  short: "m",
  type: "select",
  options: ["onoff", "cycle"],
  default: "onoff",
  description: "Method to fence",
  placeholder: "[method]",
  order: 1,
};

export const SUDO: readonly Parameter[] = [
  {
    ...PLAIN,
    name: "use_sudo",
    alias: "sudo",
    type: "boolean",
    description: "Use sudo (without password) when calling 3rd party software",
    order: 205,
  },
  {
    ...PLAIN,
    name: "sudo_path",
    type: "string",
    default: "/usr/bin/sudo",
    description: "Path to sudo binary",
    placeholder: "[path]",
    order: 300,
  },
];

/** The same parameters with other defaults, or other properties, for some of them. */
export function adjusted(
  parameters: readonly Parameter[],
  changes: Readonly<Record<string, Partial<Omit<Parameter, "name">>>>,
): readonly Parameter[] {
  return parameters.map((parameter) => ({ ...parameter, ...changes[parameter.name] }));
}
