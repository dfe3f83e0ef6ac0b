/** Starts real daemons in a directory of their own, and ends every one of them. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { openUnixTransport } from "../../src/adapters/http/unix-client.ts";
import { openHub } from "../../src/adapters/loopback/hub.ts";
import { type Client, createClient } from "../../src/api/client.ts";

const BOUNCERD = join(import.meta.dirname, "../../bouncerd");
/** Units: ms. A daemon that has not done it by then never will. */
const PATIENCE_MS = 60_000;

export const CONFIG = `<?xml version="1.0"?>
<cluster name="rig" config_version="1">
  <clusternodes>
    <clusternode name="n1" nodeid="1"/>
    <clusternode name="n2" nodeid="2"/>
    <clusternode name="n3" nodeid="3"/>
  </clusternodes>
  <fence_daemon clean_start="1"/>
</cluster>
`;

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Daemon {
  readonly process: ChildProcess;
  readonly client: Client;
  readonly ended: Promise<Ended>;
  /** Resolves when the log has a line with these words. */
  says(words: string): Promise<void>;
}

export interface Rig {
  readonly directory: string;
  readonly configPath: string;
  socket(node: string): string;
  stateDir(node: string): string;
  /** Arguments that start `node` on this rig's hub. */
  args(node: string): string[];
  run(args: readonly string[], options?: RunOptions): Daemon;
  /** Opens the hub of the loopback engine. */
  openHub(): Promise<void>;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Nobody reads the log. */
  readonly deaf?: boolean;
  /** Where `client` asks; absent: nowhere. */
  readonly socket?: string;
}

export function createRig(t: TestContext): Rig {
  const directory = mkdtempSync(join(tmpdir(), "bouncer-rig-"));
  const configPath = join(directory, "cluster.conf");
  writeFileSync(configPath, CONFIG);
  const hubPath = join(directory, "hub");
  const children: { process: ChildProcess; ended: Promise<Ended> }[] = [];
  const closers: (() => unknown)[] = [];
  t.after(async () => {
    for (const { process, ended } of children) {
      process.stdout?.resume();
      process.kill("SIGKILL");
      await ended;
    }
    for (const close of closers) await close();
    rmSync(directory, { recursive: true, force: true });
  });
  const socket = (node: string): string => join(directory, `${node}.sock`);
  const stateDir = (node: string): string => join(directory, node);

  function run(
    args: readonly string[],
    { env = {}, deaf = false, socket: path = "/nowhere" }: RunOptions = {},
  ): Daemon {
    const child = spawn(BOUNCERD, args, {
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    const waiters = new Set<() => void>();
    if (!deaf) {
      child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
        stdout += chunk;
        for (const look of waiters) look();
      });
    }
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      stderr += chunk;
    });
    const ended = new Promise<Ended>((resolve) => {
      child.on("close", (code) => resolve({ code, stdout, stderr }));
    });
    children.push({ process: child, ended });
    const says = (words: string): Promise<void> =>
      new Promise((resolve, reject) => {
        const end = (settle: () => void): void => {
          clearTimeout(timer);
          waiters.delete(look);
          settle();
        };
        const look = (): void => {
          if (stdout.includes(words)) end(resolve);
        };
        const fail = (why: string): void =>
          end(() => reject(new Error(`${why} before it said "${words}":\n${stdout}${stderr}`)));
        const timer = setTimeout(() => fail("time ran out"), PATIENCE_MS);
        waiters.add(look);
        look();
        void ended.then(() => fail("it ended"));
      });
    return { process: child, client: createClient(openUnixTransport(path)), ended, says };
  }

  return {
    directory,
    configPath,
    socket,
    stateDir,
    args: (node) => [
      ...["--config", configPath, "--state-dir", stateDir(node), "--socket", socket(node)],
      ...["--engine", "loopback", "--hub", hubPath, "--node", node],
      ...["--hooks", join(directory, `hooks-${node}`), "--log-format", "text"],
    ],
    run,
    async openHub() {
      const hub = await openHub({ socketPath: hubPath, tokenMs: 1_000 });
      closers.push(() => hub.close());
    },
  };
}
