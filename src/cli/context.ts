/** What a command may touch: everything that is not computing goes through here. See docs/commands.md. */
import type { Client, ConsoleClient } from "../api/client.ts";
import type { Locks } from "../api/locks-client.ts";
import type { NodeFacts, Questions } from "../config/facts.ts";
import type { Millis, WallMillis } from "../core/ids.ts";
import type { Paint } from "./format/paint.ts";

/** The world as a command sees it. Implementations: {@link ./world.ts} and the tests' fake. */
export interface CliContext {
  /** Talks to the daemon at this socket. Opens nothing by itself: each call does. */
  readonly connect: (socketPath: string) => Client;
  /** Talks to the console of the daemon at this socket. */
  readonly connectConsole: (daemonSocketPath: string) => ConsoleClient;
  /** Text goes out as it is: whoever calls brings the line ends. */
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** One line from the keyboard or the pipe, without its end; absent at the end of input. */
  readonly ask: (question: string) => Promise<string | undefined>;
  /** The same without showing what is typed. */
  readonly askSecret: (question: string) => Promise<string | undefined>;
  /** A person sits at the keyboard: questions make sense. */
  readonly interactive: boolean;
  /** Somebody watches standard error: progress makes sense. */
  readonly watched: boolean;
  readonly wall: () => WallMillis;
  /** Resolves after `ms`, or early when `signal` fires. */
  readonly sleep: (ms: Millis, signal?: AbortSignal) => Promise<void>;
  /** Login name of the person, for the certificate. */
  readonly user: string;
  /** Width to wrap at. */
  readonly columns: number;
  readonly paint: Paint;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Fires at Ctrl-C. */
  readonly signal: AbortSignal;
  readonly files: CliFiles;
  /** Number of this process, for locks and reports. */
  readonly pid: number;
  /** Version of this installation. */
  readonly version: string;
  readonly demo: (argv: readonly string[]) => Promise<number>;
  /** Looks at this node's agents and password scripts, for the checks of a configuration. */
  /** Connects to the locks' socket. `cluster`: refuse to speak with another one's daemon. */
  readonly openLocks: (path: string, owner: string, cluster?: string) => Promise<Locks>;
  /** Runs a command in the foreground until it ends, or ends it when `lost` fires. It keeps `keeps` open. */
  readonly runCommand: (
    argv: readonly string[],
    lost: AbortSignal,
    keeps: number | undefined,
  ) => Promise<number>;
  readonly lookAt: (questions: Questions) => Promise<NodeFacts>;
  /** Runs one of Corosync's tools. Undefined: it is not installed, or did not end by itself. */
  readonly run: (tool: string, args: readonly string[]) => Promise<ToolResult | undefined>;
}

export interface ToolResult {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The few files that commands read and write. */
export interface CliFiles {
  /** Untouched, or one sentence about why not. At most `bytesMax`; `/dev/stdin` works, too. */
  readonly bytes: (path: string, bytesMax: number) => Uint8Array | string;
  /** Absent when it cannot be read. At most {@link FILE_BYTES_MAX}. */
  readonly read: (path: string) => string | undefined;
  readonly list: (path: string) => readonly string[];
  /** False when the file cannot be written. */
  readonly append: (path: string, text: string) => boolean;
  /** Puts a whole file in the place of another, which stays as `.old`. Answers why it could not. */
  readonly replace: (path: string, text: string, mode?: number) => string | undefined;
  /** Takes a lock that ends with this process at the latest; `held` names who has it. */
  readonly lock: (path: string) => { readonly release: () => void } | { readonly held: string };
}

/** Units: bytes. Longer files are read up to here. */
export const FILE_BYTES_MAX = 4 * 1024 * 1024;

/** Where the daemon listens when neither `--socket` nor BOUNCER_SOCKET says otherwise. */
export const SOCKET_DEFAULT = "/run/bouncer/bouncerd.sock";

export function socketOf(env: CliContext["env"], option?: string): string {
  return option ?? env.BOUNCER_SOCKET ?? SOCKET_DEFAULT;
}
