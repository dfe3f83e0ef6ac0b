/** The command line of `bouncerd`. */
import { parseArgs } from "node:util";
import { OperationError } from "../core/errors.ts";
import { LISTEN_ARGUMENTS, type ListenOptions, parseListen } from "./listen-options.ts";

export interface DaemonOptions {
  readonly configPath: string;
  readonly stateDir: string;
  readonly socketPath: string;
  readonly engine: "corosync" | "loopback";
  /** Path of the hub's socket; only for `loopback`. */
  readonly hubPath?: string;
  /** Name of this node; absent: the host's name. */
  readonly node?: string;
  readonly join: boolean;
  readonly hooksDir: string;
  /** Folder of LVM's lock socket and pid file; absent: LVM is not answered. */
  readonly lvmRunDir?: string;
  readonly logLevel: "error" | "warn" | "info" | "debug";
  readonly logFormat: "text" | "json" | "auto";
  /** Absent: no console, and nothing of it is loaded. */
  readonly console?: ListenOptions;
}

export const USAGE = `usage: bouncerd [options]

  --config FILE        cluster configuration (/etc/cluster/cluster.conf)
  --state-dir DIR      epochs, incidents, flight records (/var/lib/bouncer)
  --socket PATH        where bouncer and others talk to it (/run/bouncer/bouncerd.sock)
  --engine NAME        corosync, or loopback for several daemons on one machine (corosync)
  --hub PATH           the hub's socket, for --engine loopback
  --node NAME          name of this node in the configuration (the host's name)
  --join               join the fence domain at once (or FENCE_JOIN="yes" in /etc/default/bouncer)
  --hooks DIR          freeze.d, thaw.d and in-use.d (/etc/bouncer/hooks)
  --lvm DIR            answer LVM's commands in place of lvmlockd: lvm/lvmlockd.socket and
                       lvmlockd.pid in DIR, which is /run on a real host (not at all)
  --log-level LEVEL    error, warn, info or debug (info)
  --log-format FORMAT  text, json or auto: text on a terminal (auto)
  --listen ADDR:PORT   serve the console and the API over HTTPS there (not at all)
  --tls-cert FILE      certificate for it, with --tls-key FILE (one is made at first start)
  --proxy-user HEADER=ADDR[,ADDR]
                       believe a reverse proxy at these addresses who somebody is
  --help, --version

It stays in the foreground. Signals, files and exit codes: docs/operations.md.
`;

export type Parsed =
  | { readonly type: "run"; readonly options: DaemonOptions }
  | { readonly type: "help" }
  | { readonly type: "version" };

/** Errors: `REQ_INVALID` with what is wrong. */
export function parseOptions(args: readonly string[]): Parsed {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  let values: Partial<Record<string, string | boolean>>;
  try {
    values = parseArgs({
      args: [...args],
      options: {
        config: text,
        "state-dir": text,
        socket: text,
        engine: text,
        hub: text,
        node: text,
        join: flag,
        hooks: text,
        lvm: text,
        "log-level": text,
        "log-format": text,
        ...LISTEN_ARGUMENTS,
        help: { ...flag, short: "h" },
        version: { ...flag, short: "V" },
      },
    }).values;
  } catch (error) {
    throw new OperationError(
      "REQ_INVALID",
      `${(error as Error).message.split(". ")[0]}; see bouncerd --help`,
    );
  }
  if (values["help"] === true) return { type: "help" };
  if (values["version"] === true) return { type: "version" };

  const word = (name: string, fallback: string): string => {
    const value = values[name] ?? fallback;
    if (typeof value === "string" && value !== "") return value;
    throw new OperationError("REQ_INVALID", `--${name} needs a value`);
  };
  const oneOf = <T extends string>(name: string, fallback: T, allowed: readonly T[]): T => {
    const value = word(name, fallback);
    const found = allowed.find((choice) => choice === value);
    if (found !== undefined) return found;
    throw new OperationError("REQ_INVALID", `--${name} ${value}: must be one of ${allowed.join(", ")}`);
  };

  const engine = oneOf("engine", "corosync", ["corosync", "loopback"]);
  if (engine === "loopback" && values["hub"] === undefined) {
    throw new OperationError("REQ_INVALID", "--engine loopback needs --hub PATH");
  }
  if (engine === "corosync" && values["hub"] !== undefined) {
    throw new OperationError("REQ_INVALID", "--hub is only for --engine loopback");
  }
  return {
    type: "run",
    options: {
      configPath: word("config", "/etc/cluster/cluster.conf"),
      stateDir: word("state-dir", "/var/lib/bouncer"),
      socketPath: word("socket", "/run/bouncer/bouncerd.sock"),
      engine,
      ...(engine === "loopback" ? { hubPath: word("hub", "") } : {}),
      ...(values["node"] === undefined ? {} : { node: word("node", "") }),
      join: values["join"] === true,
      ...(values["lvm"] === undefined ? {} : { lvmRunDir: word("lvm", "") }),
      hooksDir: word("hooks", "/etc/bouncer/hooks"),
      logLevel: oneOf("log-level", "info", ["error", "warn", "info", "debug"]),
      logFormat: oneOf("log-format", "auto", ["text", "json", "auto"]),
      ...parseListen(values),
    },
  };
}
