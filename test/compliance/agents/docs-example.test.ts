/** The agent that docs/agents.md prints is a good one. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createBench } from "./bench.ts";

test("the example of docs/agents.md speaks the interface", { timeout: 60_000 }, async (t) => {
  const bench = createBench(t);
  const switches = join(bench.folder, "switch");
  mkdirSync(switches);
  writeFileSync(join(switches, "7"), "on\n");
  const page = readFileSync(new URL("../../../docs/agents.md", import.meta.url), "utf8");
  const example = /```sh\n(.*?)```/s.exec(page)?.[1] ?? "";
  bench.script("fence_my_switch", example.replaceAll("/run/my-switch", switches));
  const use = { agent: "fence_my_switch", pairs: [["port", "7"] as const] };

  assert.equal((await bench.run(use, "status")).power, "on");
  assert.equal((await bench.run(use, "off")).result, "ok");
  assert.equal((await bench.run(use, "off")).result, "ok");
  assert.equal((await bench.run(use, "status")).power, "off");
  rmSync(switches, { recursive: true });
  const blind = await bench.run(use, "status");
  assert.deepEqual([blind.result, blind.power], ["failed", "unknown"]);
  assert.equal(blind.detail, "exit code 1: Failed: outlet 7 does not answer");
  assert.equal((await bench.run(use, "off")).result, "failed");
  assert.match((await bench.run(use, "diag")).detail, /not supported/);

  const metadata = await bench.agents.metadata("fence_my_switch");
  assert.ok(metadata);
  const required = metadata.parameters.filter((one) => one.required && one.default === undefined);
  assert.deepEqual(
    required.map(({ name, obsoletes }) => [name, obsoletes]),
    [["plug", "port"]],
  );
});
