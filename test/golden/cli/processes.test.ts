/** The commands as processes: launchers, links, pipes, signals, over a real socket. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { createServer } from "../../../src/adapters/http/server.ts";
import { startFakeDaemon } from "./fake-daemon.ts";
import { WORLDS } from "./worlds.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
/** A command that hangs must not hang the run. */
const LIMIT_MS = 300_000;

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe("the commands as processes", { timeout: LIMIT_MS }, () => {
  let directory = "";
  let socket = "";
  const children = new Set<ChildProcess>();
  /** Emits `request` for every request of a command to the world `open`. */
  let httpServer: NodeJS.EventEmitter;
  const closing: (() => Promise<unknown>)[] = [];

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), "bouncer-cli-"));
    socket = await listen("open");
  });
  after(async () => {
    for (const child of children) child.kill("SIGKILL");
    for (const close of closing) await close();
    rmSync(directory, { recursive: true, force: true });
  });

  async function listen(world: string): Promise<string> {
    const path = join(directory, `${world}.sock`);
    const daemon = await startFakeDaemon(WORLDS[world] ?? { timeline: [] });
    const server = createServer(daemon.backend);
    closing.push(
      () => server.close(),
      () => daemon.close(),
    );
    await server.listen({ path });
    if (world === "open") httpServer = server.server;
    return path;
  }

  function start(command: string, args: readonly string[], env: Record<string, string> = {}): ChildProcess {
    const child = spawn(command, args, {
      stdio: "pipe",
      env: { PATH: process.env.PATH ?? "", TZ: "UTC", BOUNCER_SOCKET: socket, ...env },
    });
    children.add(child);
    child.once("close", () => children.delete(child));
    return child;
  }

  async function run(
    command: string,
    args: readonly string[],
    options: { readonly input?: string; readonly env?: Record<string, string> } = {},
  ): Promise<Ended> {
    const child = start(command, args, options.env);
    child.stdin?.end(options.input ?? "");
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout as never),
      text(child.stderr as never),
      once(child, "close") as Promise<[number | null]>,
    ]);
    return { code, stdout, stderr };
  }

  const tool = (name: string): string => join(ROOT, name);

  test("fence_tool ls prints the seven lines", async () => {
    const { code, stdout, stderr } = await run(tool("fence_tool"), ["ls"]);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /^fence domain\nmember count {2}3\n(.*\n){4}members {7}1 2 3 \n\n$/);
  });

  test("a link from elsewhere runs the same, also through a second link", async () => {
    const link = join(directory, "linked_tool");
    const second = join(directory, "fence_tool");
    symlinkSync(tool("fence_tool"), link);
    symlinkSync("linked_tool", second);
    assert.equal((await run(second, ["ls"])).code, 0);
  });

  test("an installed copy with its dependencies beside it runs the same", async () => {
    const copy = join(directory, "opt", "bouncer");
    mkdirSync(copy, { recursive: true });
    for (const name of ["src", "package.json", "bouncer", "fence_node"]) {
      cpSync(join(ROOT, name), join(copy, name), { recursive: true });
    }
    symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
    assert.match((await run(join(copy, "bouncer"), ["version"])).stdout, /^bouncer \d+\.\d+\.\d+\n$/);
  });

  test("without a runtime it says what to do", async () => {
    const copy = join(directory, "bare");
    mkdirSync(join(copy, "src", "cli"), { recursive: true });
    cpSync(tool("bouncer"), join(copy, "bouncer"));
    cpSync(join(ROOT, "src", "cli", "launch.sh"), join(copy, "src", "cli", "launch.sh"));
    const { code, stderr } = await run(join(copy, "bouncer"), ["status"]);
    assert.equal(code, 69);
    assert.match(stderr, /^bouncer: the runtime of Bouncer is missing in .*bare\. Run there: npm ci\n$/);
  });

  test("--json is the status, whole", async () => {
    const { code, stdout } = await run(tool("bouncer"), ["status", "--json"]);
    assert.equal(code, 0);
    const status = JSON.parse(stdout) as { cluster: string; domain: { members: number[] } };
    assert.deepEqual([status.cluster, status.domain.members], ["tpve", [1, 2, 3]]);
  });

  test("--socket wins over the environment, before and after the command", async () => {
    const nowhere = join(directory, "nowhere.sock");
    for (const args of [
      ["--socket", nowhere, "status"],
      ["status", "--socket", nowhere],
    ]) {
      const { code, stderr } = await run(tool("bouncer"), args);
      assert.equal(code, 4);
      assert.match(
        stderr,
        /^bouncer: cannot reach bouncerd at .*nowhere\.sock: .*\n {2}Is bouncerd running\?/,
      );
    }
  });

  test("simulate hunts through seeds and says how fast; one seed alone says how it went", async () => {
    const { code, stdout } = await run(tool("bouncer"), ["simulate", "--seeds", "30", "--json"]);
    const report = JSON.parse(stdout) as Record<string, unknown>;
    assert.deepEqual(
      [code, report.seeds, report.first, report.violations, report.failures],
      [0, 30, 1, 0, []],
    );
    assert.ok(Number(report.cluster_hours) > 0 && Number(report.seeds_per_second) > 0);
    const one = await run(tool("bouncer"), ["simulate", "--seed", "5", "--profile", "power"]);
    assert.match(one.stdout, /^seed 5: every promise held for \d+ simulated seconds\n$/);
  });

  test("simulate reads a story from a pipe", async () => {
    const input = "# A node starts alone.\n\ncluster nodes=3\nboot 1\n\nls 1\n";
    const { code, stdout } = await run(tool("bouncer"), ["simulate", "-"], { input });
    assert.equal(code, 0);
    assert.match(stdout, /wait state {4}quorum\n/);
  });

  test("a typed answer on a pipe is an answer", async () => {
    const manual = await listen("manual");
    const env = { BOUNCER_SOCKET: manual };
    const yes = await run(tool("fence_ack_manual"), ["tpve03"], { input: "absolutely\n", env });
    assert.equal(yes.code, 0);
    assert.match(yes.stdout, /\n\nDone\ntpve03 counts as off\. Storage is open\.\n$/);
    assert.equal(yes.stderr, "");
    const no = await run(tool("fence_ack_manual"), ["tpve03"], { input: "yes\n", env });
    assert.deepEqual([no.code, no.stdout.endsWith("\nAborted.\n")], [1, true]);
  });

  test("a reader that goes away is no error", async () => {
    const { code, stderr } = await run("/bin/sh", [
      "-c",
      `"${tool("bouncer")}" completion bash | true; "${tool("bouncer")}" completion zsh | head -n 1 >/dev/null`,
    ]);
    assert.deepEqual([code, stderr], [0, ""]);
  });

  test("Ctrl-C ends watch with 0 and any wait with 130, quietly", async () => {
    for (const [args, expected] of [
      [["watch"], 0],
      [["wait", "--for", "left"], 130],
    ] as const) {
      const asked = once(httpServer, "request");
      const child = start(tool("bouncer"), args);
      const stderr = text(child.stderr as never);
      await asked;
      child.kill("SIGINT");
      const [code] = (await once(child, "close")) as [number | null];
      assert.deepEqual([code, await stderr], [expected, ""]);
    }
  });

  test("completion completes commands, options and node names", async () => {
    const script = `eval "$(${tool("bouncer")} completion bash)"
      bouncer() { "${tool("bouncer")}" "$@"; }
      complete_at() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _bouncer; echo "\${COMPREPLY[*]}"; }
      complete_at bouncer sta
      complete_at bouncer fence tpve0
      complete_at bouncer --socket /x ack --st
      complete_at bouncer wait --for jo`;
    const { stdout, stderr } = await run("/bin/bash", ["--norc", "-c", script]);
    assert.equal(stderr, "");
    assert.deepEqual(stdout.split("\n"), ["status", "tpve01 tpve02 tpve03", "--statement", "joined", ""]);
  });

  test("the completion files of the packages are what the command prints", async () => {
    for (const [shell, file] of [
      ["bash", "bouncer.bash"],
      ["zsh", "_bouncer"],
    ] as const) {
      const { stdout } = await run(tool("bouncer"), ["completion", shell]);
      assert.equal(stdout, readFileSync(join(ROOT, "packaging", "completion", file), "utf8"));
    }
  });
});
