/**
 * The Corosync engine's world: real Corosync daemons, each in a network and a mount namespace of
 * its own, behind a bridge for each side of a partition. Everything ends with the test process:
 * namespaces live as long as the process that holds them, which reads our pipe.
 */
import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import type { Harness, HarnessKind, HarnessOptions } from "./harness.ts";
import { type Member, startMember } from "./member.ts";

const run = promisify(execFile);

const TOKEN_MS = 1_000;
const START_TRIES_MAX = 100;
const START_DELAY_MS = 100;

/** What a node must not share with the host: Corosync's sockets, ring buffers and ring id files. */
const PRIVATE_DIRS = ["/run", "/dev/shm", "/var/lib/corosync"];

export const corosyncKind: HarnessKind = { name: "corosync", open };

/** Why the suite cannot run here; undefined when it can. */
export function corosyncMissing(): string | undefined {
  if (process.getuid?.() !== 0) return "needs root, for namespaces";
  try {
    for (const tool of ["corosync", "ip", "nsenter", "unshare", "setpriv"]) {
      execFileSync("sh", ["-c", `command -v ${tool}`], { stdio: "ignore" });
    }
    return undefined;
  } catch {
    return "needs the Debian packages corosync, iproute2 and util-linux";
  }
}

interface Node {
  readonly id: number;
  readonly holder: ChildProcess;
  /** Command line that enters the node. */
  readonly enter: readonly string[];
  corosync: ChildProcess | undefined;
}

async function open({ nodes: ids, twoNode }: HarnessOptions): Promise<Harness> {
  const dir = await mkdtemp(join(tmpdir(), "bouncer-corosync-"));
  const members: Member[] = [];
  const wires = await hold("-n", "ip link set lo up");
  const inWires = ["nsenter", "-t", String(wires.pid), "-n"];
  const nodes: Node[] = [];

  async function close(): Promise<void> {
    await Promise.all(members.map((member) => member.kill()));
    await Promise.all(nodes.map(({ corosync }) => stop(corosync)));
    await Promise.all([...nodes.map(({ holder }) => holder), wires].map(stop));
    await rm(dir, { recursive: true, force: true });
  }

  async function addNode(id: number): Promise<Node> {
    const mounts = PRIVATE_DIRS.map((path) => `mount -t tmpfs none ${path}`).join(" && ");
    const holder = await hold("-nm", `${mounts} && ip link set lo up`);
    const node: Node = {
      id,
      holder,
      enter: ["nsenter", "-t", String(holder.pid), "-n", "-m"],
      corosync: undefined,
    };
    nodes.push(node);
    await command([
      ...inWires,
      ..."ip link add".split(" "),
      `port${id}`,
      ..."type veth peer name eth0 netns".split(" "),
      String(holder.pid),
    ]);
    await command([...node.enter, "ip", "addr", "add", `10.77.0.${id}/24`, "dev", "eth0"]);
    await command([...node.enter, "ip", "link", "set", "eth0", "up"]);
    return node;
  }

  /** One bridge per group; a node in none has its cable pulled. */
  async function plug(groups: readonly (readonly number[])[]): Promise<void> {
    for (const { id } of nodes) {
      const group = groups.findIndex((group) => group.includes(id));
      const where = group < 0 ? "down" : `master side${group} up`;
      await command([...inWires, ..."ip link set".split(" "), `port${id}`, ...where.split(" ")]);
    }
  }

  async function startCorosync(node: Node): Promise<void> {
    const conf = join(dir, `corosync-${node.id}.conf`);
    await writeFile(conf, formatConf(ids, join(dir, `corosync-${node.id}.log`), twoNode));
    const [entry, ...args] = [...node.enter, "setpriv", "--pdeathsig", "KILL", "corosync", "-f", "-c", conf];
    node.corosync = spawn(entry as string, args, { stdio: "ignore" });
    for (let tries = 0; ; tries += 1) {
      const isUp = await run(node.enter[0] as string, [
        ...node.enter.slice(1),
        "corosync-cfgtool",
        "-s",
      ]).then(
        () => true,
        () => false,
      );
      if (isUp) return;
      if (tries >= START_TRIES_MAX) throw new Error(`Corosync does not start on node ${node.id}; see ${dir}`);
      await delay(START_DELAY_MS);
    }
  }

  function signal(nodeId: number, name: NodeJS.Signals): void {
    nodeOf(nodeId).corosync?.kill(name);
    for (const member of members) if (member.nodeId === nodeId) member.signal(name);
  }

  const nodeOf = (id: number): Node => nodes.find((node) => node.id === id) as Node;

  try {
    for (const id of ids) await addNode(id);
    for (let side = 0; side < ids.length; side += 1) {
      const bridge = `ip link add side${side} up type bridge forward_delay 0`;
      await command([...inWires, ...bridge.split(" ")]);
    }
    await plug([ids]);
    await Promise.all(nodes.map(startCorosync));
  } catch (error) {
    await close();
    throw error;
  }

  return {
    tokenMs: TOKEN_MS,
    async start(nodeId) {
      const member = await startMember(nodeId, { engine: "corosync" }, nodeOf(nodeId).enter);
      members.push(member);
      return member;
    },
    split: plug,
    heal: () => plug([ids]),
    async crash(nodeId) {
      await plug([ids.filter((id) => id !== nodeId)]);
      await stop(nodeOf(nodeId).corosync);
      await Promise.all(members.filter((member) => member.nodeId === nodeId).map((m) => m.kill()));
    },
    hang: (nodeId) => signal(nodeId, "SIGSTOP"),
    resume: (nodeId) => signal(nodeId, "SIGCONT"),
    async restartEngine(nodeId) {
      await stop(nodeOf(nodeId).corosync);
      await startCorosync(nodeOf(nodeId));
    },
    async tryShutdown(nodeId) {
      const [entry, ...args] = [...nodeOf(nodeId).enter, "corosync-cfgtool", "-H"];
      const { stdout, stderr } = await run(entry as string, args);
      return !`${stdout}${stderr}`.includes("Could not shutdown"); // It exits 0 in either case.
    },
    close,
  };
}

function formatConf(ids: readonly number[], log: string, twoNode: boolean): string {
  const nodes = ids.map(
    (id) => `  node {\n    nodeid: ${id}\n    name: node${id}\n    ring0_addr: 10.77.0.${id}\n  }`,
  );
  return [
    "totem {\n  version: 2\n  cluster_name: compliance\n  transport: knet",
    `  crypto_cipher: none\n  crypto_hash: none\n  token: ${TOKEN_MS}\n  token_coefficient: 0\n}`,
    `nodelist {\n${nodes.join("\n")}\n}`,
    `quorum {\n  provider: corosync_votequorum\n${twoNode ? "  two_node: 1\n" : ""}}`,
    `logging {\n  to_syslog: no\n  to_stderr: no\n  to_logfile: yes\n  logfile: ${log}\n}`,
    "",
  ].join("\n");
}

/** A process in new namespaces that ends when we do. */
function hold(flags: string, prepare: string): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    const script = `${prepare} && echo ready && exec cat > /dev/null`;
    const child = spawn(
      "unshare",
      [flags, "--propagation", "private", "sh", "-c", script].filter(uses(flags)),
      {
        stdio: ["pipe", "pipe", "inherit"],
      },
    );
    child.stdout.once("data", () => resolve(child));
    child.once("exit", (code) => reject(new Error(`namespaces: unshare ended with ${code}`)));
  });
}

/** `--propagation` belongs to mount namespaces only. */
function uses(flags: string): (argument: string) => boolean {
  return (argument) => flags.includes("m") || !["--propagation", "private"].includes(argument);
}

async function command([file, ...args]: readonly string[]): Promise<void> {
  await run(file as string, args);
}

async function stop(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await ended;
}
