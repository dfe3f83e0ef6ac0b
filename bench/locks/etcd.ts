/** The same on etcd: three members on the loopback, its own lock service, through its JSON gateway. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** A client and a peer port for each member. */
const PORTS = [
  [42379, 42380],
  [42479, 42480],
  [42579, 42580],
] as const;
const START_MS_MAX = 20_000;
const TRIPS = 100;
const PAIRS = 2_000;
const WINDOW = 64;

export interface EtcdFigures {
  readonly grants: readonly number[];
  readonly pairRate: number;
}

const agent = new Agent({ keepAlive: true, maxSockets: WINDOW });

function post(port: number, path: string, body: unknown): Promise<Record<string, string>> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, path, method: "POST", agent }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (part: string) => {
        text += part;
      });
      answer.on("end", () =>
        answer.statusCode === 200 ? resolve(JSON.parse(text)) : reject(new Error(`etcd says: ${text}`)),
      );
    });
    asked.on("error", reject);
    asked.end(JSON.stringify(body));
  });
}

/** Undefined: Debian's `etcd-server` is not there. */
export async function measureEtcd(): Promise<EtcdFigures | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "bouncer-etcd-"));
  const members: ChildProcess[] = [];
  try {
    const all = PORTS.map(([, peer], i) => `m${i}=http://127.0.0.1:${peer}`).join(",");
    for (const [i, [client, peer]] of PORTS.entries()) {
      const flags = {
        name: `m${i}`,
        "data-dir": join(folder, `m${i}`),
        "listen-client-urls": `http://127.0.0.1:${client}`,
        "advertise-client-urls": `http://127.0.0.1:${client}`,
        "listen-peer-urls": `http://127.0.0.1:${peer}`,
        "initial-advertise-peer-urls": `http://127.0.0.1:${peer}`,
        "initial-cluster": all,
        "log-level": "error",
      };
      const argv = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
      const member = spawn("etcd", argv, { stdio: "ignore" });
      const started = new Promise<boolean>((resolve) => {
        member.once("spawn", () => resolve(true));
        member.once("error", () => resolve(false));
      });
      if (!(await started)) return undefined;
      members.push(member);
    }
    const lease = await untilServing();
    return await measure(lease);
  } finally {
    agent.destroy();
    await Promise.all(
      members.map(async (member) => {
        const ended = new Promise((resolve) => member.once("exit", resolve));
        member.kill("SIGKILL");
        await ended;
      }),
    );
    await rm(folder, { recursive: true, force: true });
  }
}

const PORT = PORTS[1][0];

async function untilServing(): Promise<string> {
  for (const end = performance.now() + START_MS_MAX; ; ) {
    try {
      const { ID } = await post(PORT, "/v3/lease/grant", { TTL: 600 });
      if (ID !== undefined) return ID;
    } catch (error) {
      if (performance.now() > end) throw error;
    }
    await delay(100);
  }
}

async function lock(name: string, lease: string): Promise<string> {
  const { key } = await post(PORT, "/v3/lock/lock", { name: Buffer.from(name).toString("base64"), lease });
  return key ?? "";
}

async function measure(lease: string): Promise<EtcdFigures> {
  const unlock = (key: string) => post(PORT, "/v3/lock/unlock", { key });
  const grants: number[] = [];
  for (let trip = 0; trip < TRIPS; trip++) {
    const begun = performance.now();
    const key = await lock(`trip ${trip}`, lease);
    grants.push(performance.now() - begun);
    await unlock(key);
  }
  let left = PAIRS;
  const begun = performance.now();
  const work = async (slot: number): Promise<void> => {
    while (left > 0) {
      left--;
      await unlock(await lock(`pair ${slot}`, lease));
    }
  };
  await Promise.all(Array.from({ length: WINDOW }, (_, slot) => work(slot)));
  return { grants, pairRate: (PAIRS * 1_000) / (performance.now() - begun) };
}
