/** `cman_tool` on live daemons: the loopback engine knows no Corosync, and all that is left must be right. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createRig, type Rig } from "./daemon-rig.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function tool(rig: Rig, config: string, ...args: readonly string[]): Promise<Ended> {
  const env = { PATH: process.env["PATH"] ?? "", BOUNCER_SOCKET: rig.socket("n1"), BOUNCER_CONFIG: config };
  return new Promise((resolve) => {
    execFile(join(ROOT, "cman_tool"), [...args], { env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

test("status, nodes and version; version -r brings the file into force on every member", async (t) => {
  const rig = createRig(t);
  await rig.openHub();
  const names = ["n1", "n2", "n3"];
  const daemons = names.map((node) => rig.run([...rig.args(node), "--join"], { socket: rig.socket(node) }));
  await Promise.all(daemons.map((daemon) => daemon.says("listens on")));
  await Promise.all(daemons.map((daemon) => daemon.client.wait({ for: "open", timeout: 60 })));
  const args = rig.args("n1");
  const config = args[args.indexOf("--config") + 1] ?? "";
  const text = readFileSync(config, "utf8");
  const version = Number(/config_version="(\d+)"/.exec(text)?.[1]);

  const status = await tool(rig, config, "status");
  assert.equal(status.code, 0, status.stderr);
  assert.match(status.stdout, /^Nodes: 3\nExpected votes: 3\nTotal votes: 3\nNode votes: 1\nQuorum: 2 {2}$/m);
  const nodes = await tool(rig, config, "nodes", "-F", "id,name,type");
  assert.equal(nodes.stdout, "1 n1 M \n2 n2 M \n3 n3 M \n");

  const older = await tool(rig, config, "version", "-r");
  assert.deepEqual(
    [older.code, older.stderr],
    [1, "cman_tool: Not reloading, config version older or equal the running config\n"],
  );
  writeFileSync(config, text.replace(`config_version="${version}"`, `config_version="${version + 1}"`));
  const reloaded = await tool(rig, config, "version", "-r");
  assert.deepEqual([reloaded.code, reloaded.stdout, reloaded.stderr], [0, "", ""]);
  for (const daemon of daemons) assert.equal((await daemon.client.status()).configVersion, version + 1);
  assert.equal((await tool(rig, config, "version")).stdout, `6.2.0 config ${version + 1}\n`);

  writeFileSync(
    config,
    text
      .replace(`config_version="${version}"`, 'config_version="99"')
      .replace("<clusternodes>", "<clusternods>"),
  );
  const broken = await tool(rig, config, "version", "-r");
  assert.equal(broken.code, 1);
  assert.match(broken.stderr, /Not reloading, configuration is not valid\n$/);
  assert.equal((await daemons[0]?.client.status())?.configVersion, version + 1);
});
