import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { OperationError } from "../../core/errors.ts";
import { connectHubControl } from "./control.ts";

const MAIN = fileURLToPath(new URL("./hub-main.ts", import.meta.url));

async function temporary(t: TestContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "bouncer-hub-"));
  t.after(() => rm(dir, { recursive: true, force: true }));
  return join(dir, "hub.sock");
}

function start(
  t: TestContext,
  ...args: string[]
): ChildProcess & { stdout: NonNullable<ChildProcess["stdout"]> } {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  t.after(() => child.kill("SIGKILL"));
  return child;
}

/** Exit code and what it said, of a hub that must not start. */
async function refused(t: TestContext, ...args: string[]): Promise<[number | null, string]> {
  const child = start(t, ...args);
  let said = "";
  child.stderr?.on("data", (chunk) => {
    said += String(chunk);
  });
  const [code] = (await once(child, "close")) as [number | null];
  return [code, said];
}

describe("hub-main", () => {
  it("says that it is ready, obeys its control socket, and ends on request", async (t) => {
    const path = await temporary(t);
    const hub = start(t, "--socket", path, "--token-ms", "200");
    await once(hub.stdout, "data");
    const control = await connectHubControl(path);
    assert.equal((await control.state()).tokenMs, 200);
    assert.deepEqual((await control.cut({ from: 1, to: 2 })).cutLinks, [[1, 2]]);
    assert.deepEqual((await control.cut({ node: 3 })).cutNodes, [3]);
    const split = await control.split([[1], [2]]);
    assert.deepEqual(split.cutLinks.sort(), [
      [1, 2],
      [2, 1],
    ]);
    const healed = await control.healAll();
    assert.deepEqual([healed.cutLinks, healed.cutNodes], [[], []]);
    await control.shutdown();
    const [code] = (await once(hub, "close")) as [number | null];
    assert.equal(code, 0);
    await assert.rejects(
      control.state(),
      (error) => error instanceof OperationError && error.code === "CLU_UNAVAILABLE",
    );
  });

  it("takes over the socket of a dead hub, and not that of a living one", async (t) => {
    const path = await temporary(t);
    const dead = start(t, "--socket", path);
    await once(dead.stdout, "data");
    dead.kill("SIGKILL");
    await once(dead, "close");
    const hub = start(t, "--socket", path);
    await once(hub.stdout, "data");
    const [code, said] = await refused(t, "--socket", path);
    assert.equal(code, 73);
    assert.match(said, /in use: stop that hub/);
    const control = await connectHubControl(path);
    await control.state();
    control.close();
  });

  it("leaves a file alone that is no socket", async (t) => {
    const path = await temporary(t);
    await writeFile(path, "precious");
    const [code, said] = await refused(t, "--socket", path);
    assert.equal(code, 73);
    assert.match(said, /is no socket/);
    assert.equal(await readFile(path, "utf8"), "precious");
  });

  it("explains its options", async (t) => {
    for (const args of [[], ["--socket", "/nowhere", "--token-ms", "soon"], ["--shoe"]]) {
      const [code, said] = await refused(t, ...args);
      assert.equal(code, 2);
      assert.match(said, /usage|--token-ms takes/);
      assert.doesNotMatch(said, /\n\s+at /);
    }
  });
});
