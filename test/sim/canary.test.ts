/**
 * I10: a cluster of the daemon's own core on a real cluster.conf. Its passwords are canaries: whatever
 * the cores hold, say, send, write down or answer is searched for them after a fencing that went wrong.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { inspect } from "node:util";
import { parseClusterConf } from "../../src/config/parse.ts";
import { createWorld } from "../../src/sim/world.ts";

const CANARY = "c4n4ry";

/** Every password of the example is a canary of its own. */
function withCanaries(): { readonly text: string; readonly count: number } {
  const file = new URL("../../docs/examples/five-nodes.conf", import.meta.url);
  let count = 0;
  const text = readFileSync(file, "utf8").replace(
    /\b(passwd_script|passwd|community)="[^"]*"/g,
    (_, name) => {
      count++;
      return `${name === "community" ? name : "passwd"}="${CANARY}-${count}"`;
    },
  );
  return { text, count };
}

/** Everything, however deep. */
function deep(value: unknown): string {
  return inspect(value, { depth: null, maxArrayLength: null, maxStringLength: null, showHidden: true });
}

test("no password of cluster.conf is in what the cores hold, say, write or answer", () => {
  const { text, count } = withCanaries();
  assert.ok(count > 0, "the example has passwords");
  const { config, parameters } = parseClusterConf(text);
  assert.ok(config !== undefined && parameters !== undefined);
  const heard: string[] = [];
  const world = createWorld({
    config,
    bootMs: 1_000,
    say: (source, line) => heard.push(`${source} ${line}`),
  });
  for (const { id } of config.nodes) world.power(id, "on");
  world.run(20_000);
  const [first, second] = config.nodes;
  assert.ok(first !== undefined && second !== undefined);
  for (const method of second.methods) {
    for (const use of method.devices) world.deviceFault(use.device, { type: "fails" });
  }
  world.power(second.id, "off");
  world.run(120_000);
  world.request(first.id, { type: "check", node: second.id });
  world.request(first.id, { type: "ack", node: second.id, by: "root", statement: "unplugged" });
  world.run(60_000);
  assert.ok(
    heard.some((line) => line.includes("is done (override)")),
    "an incident was closed",
  );
  const nodes = [...world.nodes.values()];
  const all = deep([
    heard,
    nodes.map(({ core, disk }) => ({ core, disk })),
    nodes.map(({ id }) => world.status(id)),
  ]);
  assert.ok(all.includes(second.name), "what is searched holds the story");
  assert.ok(!all.includes(CANARY), "a password is in it");
});

test("the search would find one", () => {
  assert.ok(deep({ a: new Map([["b", new Set([{ c: `x${CANARY}x` }])]]) }).includes(CANARY));
});
