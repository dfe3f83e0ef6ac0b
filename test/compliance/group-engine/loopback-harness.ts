/** The loopback engine's world: one hub process, a child per node. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { connectHubControl, type HubControl } from "../../../src/adapters/loopback/control.ts";
import type { Harness, HarnessKind, HarnessOptions } from "./harness.ts";
import { type Member, startMember } from "./member.ts";

const HUB = fileURLToPath(new URL("../../../src/adapters/loopback/hub-main.ts", import.meta.url));
const TOKEN_MS = 1_000;

export const loopbackKind: HarnessKind = { name: "loopback", open };

async function open({ nodes, twoNode }: HarnessOptions): Promise<Harness> {
  const dir = await mkdtemp(join(tmpdir(), "bouncer-loopback-"));
  const hubPath = join(dir, "hub.sock");
  let hub = await startHub(hubPath);
  let control: HubControl = await connectHubControl(hubPath);
  const members: Member[] = [];

  function signal(nodeId: number, name: NodeJS.Signals): void {
    for (const member of members) if (member.nodeId === nodeId) member.signal(name);
  }

  return {
    tokenMs: TOKEN_MS,
    async start(nodeId) {
      const group = { nodeId, votes: 1, expectedVotes: nodes.length, twoNode };
      const member = await startMember(nodeId, { engine: "loopback", hubPath, ...group });
      members.push(member);
      return member;
    },
    split: async (groups) => void (await control.split(groups)),
    heal: async () => void (await control.healAll()),
    async crash(nodeId) {
      await control.crash(nodeId);
      await Promise.all(members.filter((member) => member.nodeId === nodeId).map((m) => m.kill()));
    },
    hang: (nodeId) => signal(nodeId, "SIGSTOP"),
    resume: (nodeId) => signal(nodeId, "SIGCONT"),
    async restartEngine() {
      control.close();
      await stop(hub);
      hub = await startHub(hubPath);
      control = await connectHubControl(hubPath);
    },
    async tryShutdown() {
      try {
        await control.shutdown();
        return true;
      } catch {
        return false;
      }
    },
    async close() {
      control.close();
      await Promise.all(members.map((member) => member.kill()));
      await stop(hub);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

export function startHub(path: string): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    const args = [HUB, "--socket", path, "--token-ms", String(TOKEN_MS)];
    const hub = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    hub.stdout.once("data", () => resolve(hub));
    hub.once("exit", (code) => reject(new Error(`the hub ended with ${code}`)));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await ended;
}
