/** One simulated machine: its power, its daemon, its workload. Every change waits for the one before. */
import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Child, startNodeProgram } from "./child.ts";
import { type DemoLayout, HOME_DIRECTORY, type NodeLayout } from "./layout.ts";
import { dmiFolder, writeNodeFiles } from "./node-files.ts";

/** Units: ms. A daemon or workload that does not end on TERM in this time is killed. */
const TERM_MS = 10_000;

export interface MachineOptions {
  readonly layout: DemoLayout;
  readonly node: NodeLayout;
  /** Daemons join the fence domain by themselves. */
  readonly join: boolean;
  /** The network learns that this machine has no power any more. */
  readonly onPowerLost: () => Promise<void>;
}

export interface Machine {
  readonly node: NodeLayout;
  readonly isOn: boolean;
  /** Ends when the machine runs its first processes; nothing when it is on. */
  powerOn(): Promise<void>;
  /** Ends when every process of the machine is dead. Tells whether it was on. */
  powerOff(): Promise<boolean>;
  hang(): Promise<void>;
  resume(): Promise<void>;
  killDaemon(): Promise<void>;
  startDaemon(): Promise<void>;
  /** Ends the daemon in an orderly way, and then the power. */
  halt(): Promise<void>;
  setWorkload(wanted: "on" | "off"): Promise<void>;
  /** Is this process one of the machine's? */
  owns(pids: readonly number[]): boolean;
}

export function createMachine({ layout, node, join: joins, onPowerLost }: MachineOptions): Machine {
  let boot: string | undefined;
  let daemon: Child | undefined;
  let workload: Child | undefined;
  let workloadWanted = true;
  let queue: Promise<unknown> = Promise.resolve();

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = queue.then(work);
    queue = result.catch(() => {}); // Whoever asked gets the failure; the next one starts anew.
    return result;
  }

  function startDaemon(): void {
    if (daemon?.isRunning === true || boot === undefined) return;
    const program = join(HOME_DIRECTORY, "src", "daemon", "main.ts");
    const files = ["--config", node.config, "--state-dir", node.stateDirectory, "--socket", node.socket];
    const engine = ["--engine", "loopback", "--hub", layout.hub, "--node", node.name, "--hooks", node.hooks];
    const listen =
      node.consolePort === undefined
        ? []
        : ["--listen", `127.0.0.1:${node.consolePort}`, "--demo-control", layout.control];
    daemon = startNodeProgram({
      args: [program, ...files, ...engine, ...(joins ? ["--join"] : []), ...listen],
      log: node.daemonLog,
      env: { ...process.env, BOUNCER_BOOT_ID: boot, BOUNCER_DMI: dmiFolder(node) },
    });
  }

  function startWorkload(): void {
    if (workload?.isRunning === true || !workloadWanted || boot === undefined) return;
    const who = ["--node", node.name, "--id", String(node.id), "--socket", node.socket];
    workload = startNodeProgram({
      args: [
        join(import.meta.dirname, "workload.ts"),
        ...who,
        "--shared",
        layout.shared,
        "--pid-file",
        node.workloadPid,
      ],
      log: join(node.directory, "workload.log"),
      env: process.env,
    });
  }

  async function kill(): Promise<void> {
    const children = [daemon, workload].filter((child) => child?.isRunning === true);
    for (const child of children) child?.signalTree("SIGKILL");
    await Promise.all(children.map((child) => child?.exited));
    boot = undefined;
    rmSync(node.workloadPid, { force: true }); // A file in memory: it does not outlive the power.
  }

  /** A process that is stopped takes no TERM: it is killed when its time is over. */
  async function terminate(child: Child | undefined): Promise<void> {
    if (child?.isRunning !== true) return;
    child.signal("SIGTERM");
    const limit = setTimeout(() => child.signalTree("SIGKILL"), TERM_MS);
    await child.exited;
    clearTimeout(limit);
  }

  function signalBoth(signal: NodeJS.Signals): void {
    for (const child of [workload, daemon]) child?.signalTree(signal);
  }

  mkdirSync(node.directory, { mode: 0o700 });
  writeNodeFiles(layout, node);

  return {
    node,
    get isOn() {
      return boot !== undefined;
    },
    powerOn: () =>
      inTurn(async () => {
        if (boot !== undefined) return;
        boot = randomUUID();
        startDaemon();
        startWorkload();
      }),
    powerOff: () =>
      inTurn(async () => {
        if (boot === undefined) return false;
        await onPowerLost();
        await kill();
        return true;
      }),
    hang: () => inTurn(async () => signalBoth("SIGSTOP")),
    resume: () => inTurn(async () => signalBoth("SIGCONT")),
    killDaemon: () =>
      inTurn(async () => {
        daemon?.signal("SIGKILL");
        await daemon?.exited;
      }),
    startDaemon: () => inTurn(async () => startDaemon()),
    halt: () =>
      inTurn(async () => {
        await terminate(workload);
        await terminate(daemon);
        await kill();
      }),
    setWorkload: (wanted) =>
      inTurn(async () => {
        workloadWanted = wanted === "on";
        if (workloadWanted) startWorkload();
        else await terminate(workload);
      }),
    owns(pids) {
      return [daemon, workload].some((child) => child?.isRunning === true && pids.includes(child.pid));
    },
  };
}
