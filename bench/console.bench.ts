/** What the console costs: bytes, the first useful sight, an event's way to the screen, streams by the hundred. */
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { get as httpsGet } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type BrowserContext, chromium } from "playwright-core";
import { openUnixTransport } from "../src/adapters/http/unix-client.ts";
import { createConsoleClient } from "../src/api/client.ts";
import { shellSocketOf } from "../src/api/console.ts";
import { type DemoCluster, openDemoCluster } from "../src/demo/cluster.ts";
import { consoleLink } from "../src/demo/console-link.ts";
import { untilStatus } from "../src/demo/follow.ts";
import { processTree } from "../src/demo/process-tree.ts";
import { percentile, type Report } from "./report.ts";

const DIST = join(import.meta.dirname, "..", "web", "dist");
const STREAMS = 500;
/** Every fifth stream never reads. */
const DEAF_EVERY = 5;
const COLD_STARTS = 5;
const CUTS = 3;
/** Units: ms. The console lets one address ask 50 times a second. */
const PACE_MS = 25;
const PATIENCE_MS = 60_000;
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];

export async function run(report: Report): Promise<void> {
  bundle(report);
  const cluster = await openDemoCluster({ kind: "story", nodes: 3, console: true });
  try {
    await allOpen(cluster);
    await browser(report, cluster);
    await streams(report, cluster);
  } finally {
    await cluster.close();
  }
}

/** What the browser fetches before it shows the overview. */
function bundle(report: Report): void {
  const html = readFileSync(join(DIST, "index.html"), "utf8");
  const names = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((match) => match[1] ?? "");
  const imports = names.flatMap((name) =>
    [...readFileSync(join(DIST, name), "utf8").matchAll(/from\s*"\.\/([^"]+)"/g)].map(
      (match) => `/assets/${match[1]}`,
    ),
  );
  const files = [...new Set([...names, ...imports])];
  const bytes = files.reduce(
    (sum, name) => sum + statSync(packed(join(DIST, name))).size,
    Buffer.byteLength(html),
  );
  report.figure("first screen, packed", bytes / 1024, "KiB");
}

function packed(file: string): string {
  return statSync(`${file}.br`, { throwIfNoEntry: false }) === undefined ? file : `${file}.br`;
}

async function browser(report: Report, cluster: DemoCluster): Promise<void> {
  const sights: number[] = [];
  let kept: Awaited<ReturnType<typeof openBrowser>> | undefined;
  for (let start = 0; start < COLD_STARTS; start++) {
    await kept?.close();
    kept = await openBrowser();
    const page = kept.context.pages()[0] ?? (await kept.context.newPage());
    await page.goto((await consoleLink(cluster.layout.nodes[0], "operator")) ?? "", { waitUntil: "commit" });
    await page.locator(".tone-good h1, .tone-warn h1").waitFor();
    sights.push((await page.evaluate("performance.now()")) as number);
  }
  report.samples("first useful sight, cold cache", sights, "ms");
  if (kept === undefined) return;
  const page = kept.context.pages()[0];
  await page?.evaluate("location.hash = '#/node/tpve02'");
  await page?.locator(".panel").first().waitFor();
  await page?.evaluate(`
    window.delays = [];
    new MutationObserver((changes) => {
      for (const change of changes) for (const node of change.addedNodes) {
        const time = node.querySelector?.(".story time") ?? (node.matches?.(".story li") ? node.querySelector("time") : null);
        if (time) window.delays.push(Date.now() - Date.parse(time.dateTime));
      }
    }).observe(document.body, { childList: true, subtree: true });
  `);
  for (let cut = 0; cut < CUTS; cut++) await cutAndHeal(cluster);
  const delays = (await page?.evaluate("window.delays")) as number[];
  report.samples("event to screen", delays.slice(1), "ms");
  await kept.close();
}

async function openBrowser(): Promise<{ readonly context: BrowserContext; close(): Promise<void> }> {
  const directory = mkdtempSync(join(tmpdir(), "bouncer-browser-"));
  const context = await chromium.launchPersistentContext(directory, {
    executablePath: "/usr/bin/chromium",
    headless: true,
    args: FLAGS,
    ignoreHTTPSErrors: true,
  });
  return {
    context,
    async close() {
      await context.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function streams(report: Report, cluster: DemoCluster): Promise<void> {
  const [node] = cluster.layout.nodes;
  if (node === undefined) return;
  const shell = createConsoleClient(openUnixTransport(shellSocketOf(node.socket)));
  const { secret } = await shell.tokenAdd({ name: "bench", role: "viewer", days: 1 });
  const { daemon, console } = processesOf(node.directory);
  const quiet: number[] = [];
  for (let cut = 0; cut < CUTS; cut++) quiet.push(await cutAndHeal(cluster));
  const before = { daemon: residentBytes(daemon), console: residentBytes(console) };
  const open: IncomingMessage[] = [];
  for (let count = 0; count < STREAMS; count++) {
    const response = await stream(node.consolePort ?? 0, secret);
    if (count % DEAF_EVERY !== 0) response.resume();
    open.push(response);
    await sleep(PACE_MS);
  }
  await sleep(2_000);
  const after = { daemon: residentBytes(daemon), console: residentBytes(console) };
  const crowded: number[] = [];
  for (let cut = 0; cut < CUTS; cut++) crowded.push(await cutAndHeal(cluster));
  const mebi = 1024 * 1024;
  report.figure("console's process, no stream", before.console / mebi, "MiB");
  report.figure(
    "console's process, per 100 streams",
    (after.console - before.console) / mebi / (STREAMS / 100),
    "MiB",
  );
  report.figure("daemon, per 100 streams", (after.daemon - before.daemon) / mebi / (STREAMS / 100), "MiB");
  report.samples("cut to thaw, no stream", quiet, "ms");
  report.samples(`cut to thaw, ${STREAMS} streams, every ${DEAF_EVERY}th deaf`, crowded, "ms");
  report.ratio("  of that without", percentile(crowded, 0.5), percentile(quiet, 0.5));
  for (const response of open) response.destroy();
}

function stream(port: number, secret: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const options = {
      headers: { authorization: `Bearer ${secret}` },
      rejectUnauthorized: false,
      agent: false as const,
    };
    httpsGet(`https://127.0.0.1:${port}/v1/events`, options, (response) => {
      response.on("error", () => {});
      if (response.statusCode === 200) resolve(response);
      else reject(new Error(`a stream was answered with ${response.statusCode}`));
    }).on("error", reject);
  });
}

/** The daemon of a node and its console: found by what they were started with. */
function processesOf(directory: string): { readonly daemon: number; readonly console: number } {
  for (const pid of processTree(process.pid)) {
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    if (!command.includes("daemon/main.ts") || !command.includes(directory)) continue;
    const below = processTree(pid).find((one) =>
      readFileSync(`/proc/${one}/cmdline`, "utf8").includes("console/main.ts"),
    );
    if (below !== undefined) return { daemon: pid, console: below };
  }
  throw new Error("the console's process was not found");
}

function residentBytes(pid: number): number {
  const [, kib = "0"] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kib) * 1024;
}

/** From the cut until storage is open again at tpve01; then all is as before. Units: ms. */
async function cutAndHeal(cluster: DemoCluster): Promise<number> {
  const socket = cluster.unit("tpve01").machine.node.socket;
  const cutAt = Date.now();
  await cluster.hub.cut({ node: 2 });
  const wish = { socket, what: "tpve01", timeoutMs: PATIENCE_MS };
  await untilStatus({ ...wish, holds: ({ victims }) => victims.length > 0 });
  const open = await untilStatus({
    ...wish,
    holds: ({ gate, victims }) => gate === "open" && victims.length === 0,
  });
  await cluster.hub.heal({ node: 2 });
  await allOpen(cluster);
  return open.gateSince - cutAt;
}

async function allOpen(cluster: DemoCluster): Promise<void> {
  const holds = (status: { gate: string; domain: { members: readonly number[] } }): boolean =>
    status.gate === "open" && status.domain.members.length === 3;
  await Promise.all(
    cluster.layout.nodes.map(({ socket, name }) =>
      untilStatus({ socket, what: name, holds, timeoutMs: PATIENCE_MS }),
    ),
  );
}
