/** `npm run lab` as a person uses it: up, look, trouble, down. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { runCommand } from "../../../src/lab/space/command.ts";
import { labIsMissing } from "./requirements.ts";
import { leftovers, processesMarked, TRACE, untilGone } from "./traces.ts";

const MAIN = fileURLToPath(new URL("../../../src/lab/main.ts", import.meta.url));
const MARK = randomUUID();

async function lab(...words: readonly string[]) {
  const env = { ...process.env, [TRACE]: MARK };
  const { code, stdout, stderr } = await runCommand([process.execPath, MAIN, ...words], { env });
  return { code, stdout, stderr };
}

describe("npm run lab", { skip: labIsMissing(), timeout: 60_000 }, () => {
  it("says how it is used", async () => {
    assert.match((await lab()).stdout, /^usage: npm run lab -- COMMAND/);
    const nonsense = await lab("dance");
    assert.deepEqual([nonsense.code, nonsense.stdout], [2, ""]);
    assert.match((await lab("up", "--nodes", "99")).stderr, /--nodes takes a whole number from 1 to 32/);
    assert.match((await lab("story", "cinderella")).stderr, /there is no story cinderella .* ifdown /);
    assert.equal((await lab("--lab", "none", "exec", "tpve01", "true")).code, 2);
  });

  it("a lab is brought up, looked at, troubled and taken down", async () => {
    const up = await lab("up", "--nodes", "2", "--bare");
    try {
      const id = /^lab (\w+) runs, 2 nodes/.exec(up.stdout)?.[1];
      assert.ok(id !== undefined, up.stderr);
      const here = ["--lab", id];
      const hello = await lab(...here, "exec", "tpve02", "sh", "-c", "hostname; exit 7");
      assert.deepEqual(hello, { code: 7, stdout: "tpve02\n", stderr: "" });
      assert.deepEqual(await lab(...here, "crash", "tpve02"), { code: 0, stdout: "", stderr: "" });
      const status = (await lab("status")).stdout;
      assert.match(status, new RegExp(`lab ${id}\n {2}tpve01 {2}on, init \\d+\n {2}tpve02 {2}off\n`));
      assert.match((await lab(...here, "exec", "tpve02", "true")).stderr, /tpve02 is off/);
      assert.match((await lab(...here, "exec", "tpve03", "true")).stderr, /there is no node tpve03/);
      assert.equal((await lab(...here, "on", "tpve02")).code, 0);
      assert.equal((await lab(...here, "exec", "tpve02", "true")).code, 0);
      assert.deepEqual(await lab(...here, "down"), { code: 0, stdout: "", stderr: "" });
      await untilGone(MARK);
      assert.deepEqual(await leftovers(), []);
    } finally {
      for (const line of processesMarked(MARK)) process.kill(Number(line.split(" ")[0]), "SIGKILL");
    }
  });
});
