/** Activation with every message in hand: who decides, who waits, what is carried. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type ClusterConfig, FENCE_DAEMON_DEFAULTS } from "../config.ts";
import type { Reply } from "../effects.ts";
import { EPOCH_NONE } from "../ledger.ts";
import { majorityOf, type Net, openNet } from "../net-harness.ts";
import { configOf } from "../testing.ts";

const SECOND: ClusterConfig = configOf(3, { version: 2, digest: "two" });

function stage(net: Net, key: string, config: ClusterConfig = SECOND, replace = false): void {
  net.texts.set(config.digest, config);
  const base = net.node(key).state.ledger.epoch.config.digest;
  net.ask(key, `stage-${key}`, {
    type: "config-stage",
    by: `root@${key}`,
    comment: "",
    config,
    traits: net.node(key).state.traits,
    base,
    replace,
  });
  net.settle();
}

function activate(net: Net, key: string, more: { digest?: string; withinMs?: number } = {}): void {
  const { digest = "two", ...within } = more;
  const about = { type: "config-activate", by: `root@${key}`, digest, comment: "", wait: false } as const;
  net.ask(key, `activate-${key}`, { ...about, ...within });
}

const versions = (net: Net): readonly number[] =>
  ["1", "2", "3"].map((key) => net.node(key).state.config.version);
const errorOf = (reply: Reply | undefined): string | undefined =>
  reply?.ok === false ? reply.error : reply?.result.type;

test("every member has it at the establishment, and no gate moves", () => {
  const net = openNet(3);
  const since = net.node("1").state.gate.since;
  stage(net, "2");
  assert.equal(errorOf(net.node("2").replies.get("stage-2")), "staged");
  activate(net, "3");
  net.settle();
  assert.equal(errorOf(net.node("3").replies.get("activate-3")), "activated");
  assert.deepEqual(versions(net), [2, 2, 2]);
  assert.deepEqual([net.open, net.node("1").state.gate.since], [["1", "2", "3"], since]);
  assert.deepEqual(
    net.node("1").disk.configs.map((one) => one.version),
    [1, 2],
  );
});

test("without the disks of a majority nobody has it, and the gate stays open", () => {
  const net = openNet(3);
  stage(net, "1");
  for (const key of ["2", "3"]) net.hungDisks.add(key);
  activate(net, "1");
  net.settle();
  assert.deepEqual(versions(net), [1, 1, 1]);
  assert.equal(net.node("1").replies.get("activate-1"), undefined);
  assert.deepEqual(net.open, ["1", "2", "3"]);
});

test("an epoch that opens the gate overtakes a configuration that waits for disks", () => {
  const net = openNet(3);
  stage(net, "1");
  for (const key of ["2", "3"]) net.hungDisks.add(key);
  activate(net, "1");
  net.settle();
  for (const key of ["2", "3"]) net.hungDisks.delete(key);
  net.ask("3", "leave", { type: "leave" });
  net.run(1_000);
  assert.deepEqual(net.open, ["1", "2"]);
  assert.deepEqual(versions(net), [2, 2, 2]);
});

test("two administrators: the first at the delivery wins, the other is told by whom", () => {
  const net = openNet(3);
  const other = configOf(3, { version: 2, digest: "other" });
  net.texts.set("other", other);
  const { epoch } = net.node("1").state.ledger;
  for (const [key, config] of [
    ["1", SECOND],
    ["2", other],
  ] as const) {
    net.texts.set(config.digest, config);
    net.ask(key, key, {
      type: "config-stage",
      by: `root@${key}`,
      comment: "",
      config,
      traits: [],
      base: epoch.config.digest,
      replace: false,
    });
  }
  net.settle();
  assert.equal(errorOf(net.node("1").replies.get("1")), "staged");
  const refused = net.node("2").replies.get("2");
  assert.ok(refused?.ok === false && refused.error === "CFG_CONFLICT", JSON.stringify(refused));
  assert.match(refused.detail, /version 2, staged by root@1/);
});

test("a wish that no disk has is off when the ring ends, and its asker is told", () => {
  const net = openNet(3);
  stage(net, "2");
  net.reaches = (_to, _from, body) => body.type !== "propose";
  activate(net, "2");
  net.settle();
  net.view(["1", "2", "3"], majorityOf(3));
  net.run(1_000);
  assert.equal(errorOf(net.node("2").replies.get("activate-2")), "CFG_INTERRUPTED");
  assert.deepEqual(versions(net), [1, 1, 1]);
});

test("what one disk may have is carried into the next epoch, also without its first node", () => {
  const net = openNet(3);
  stage(net, "2");
  net.reaches = (_to, _from, body) => body.type !== "persisted";
  activate(net, "2");
  net.settle();
  assert.deepEqual(versions(net), [1, 1, 1]);
  net.reaches = () => true;
  net.kill("1");
  net.view(["2", "3"], { quorate: true, needed: 2 });
  net.run(20_000);
  assert.deepEqual(net.node("2").state.ledger.epoch.config.version, 2);
  assert.equal(errorOf(net.node("2").replies.get("activate-2")), "activated");
});

test("a member that joins later goes by what is in force, whatever its file says", () => {
  const net = openNet(3);
  net.kill("3");
  net.view(["1", "2"], { quorate: true, needed: 2 });
  net.run(20_000);
  stage(net, "1");
  activate(net, "1");
  net.settle();
  net.boot("3", { config: configOf(3, { version: 9, digest: "newer file" }) });
  net.view(["1", "2", "3"], majorityOf(3));
  net.run(1_000);
  assert.deepEqual(versions(net), [2, 2, 2]);
});

test("no shot begins, and no disk takes an epoch, before the text of what is in force has arrived", () => {
  const patient = { fenceDaemon: { ...FENCE_DAEMON_DEFAULTS, postFailDelayMs: -1, postJoinDelayMs: -1 } };
  const net = openNet(3);
  stage(net, "1", configOf(3, { version: 2, digest: "two", ...patient }));
  activate(net, "1");
  net.settle();
  // Node 3's daemon is started anew, with an empty disk and its old file, and the text is late.
  const isLate = { now: true };
  net.reaches = (to, _from, body) => !(isLate.now && to === "3" && body.type === "document");
  net.kill("3");
  net.boot("3", { boot: "boot-3-run-3", disk: EPOCH_NONE });
  net.view(["1", "2", "3"], majorityOf(3));
  net.run(1_000);
  assert.equal(net.node("3").state.desk.awaits, "two");
  assert.equal(net.node("3").disk.epoch.n, 0);

  net.kill("2");
  net.view(["1", "3"], { quorate: true, needed: 2 });
  net.settle();
  const { incarnation } = net.node("1").state.ledger.victims[0] ?? {};
  assert.ok(incarnation !== undefined);
  net.send("1", { type: "fence-start", node: 2, incarnation, executor: 3, wall: 1 });
  net.settle();
  assert.deepEqual(net.node("3").agentRuns, []);
  isLate.now = false;
  net.send("1", { type: "document", digest: "two" });
  net.settle();
  assert.deepEqual(net.node("3").agentRuns[0], "2 off");
});

test("what nobody confirms goes back by the clock of whoever is master then", () => {
  const net = openNet(3);
  stage(net, "2");
  activate(net, "2", { withinMs: 30_000 });
  net.settle();
  assert.deepEqual(versions(net), [2, 2, 2]);
  net.kill("1");
  net.view(["2", "3"], { quorate: true, needed: 2 });
  net.run(25_000);
  assert.equal(net.node("2").state.config.version, 2);
  net.run(6_000);
  assert.deepEqual([net.node("2").state.config.version, net.node("2").state.config.digest], [3, "c+3"]);
});

test("once confirmed it stays, and another activation is free", () => {
  const net = openNet(3);
  stage(net, "2");
  activate(net, "2", { withinMs: 30_000 });
  net.settle();
  stage(net, "3", configOf(3, { version: 3, digest: "three" }));
  activate(net, "3", { digest: "three" });
  assert.equal(errorOf(net.node("3").replies.get("activate-3")), "CFG_UNCONFIRMED");
  net.ask("1", "confirm", { type: "config-confirm", by: "root@1" });
  net.settle();
  assert.equal(errorOf(net.node("1").replies.get("confirm")), "confirmed");
  net.run(60_000);
  assert.deepEqual(versions(net), [2, 2, 2]);
});

test("of two nodes both disks are needed", () => {
  const net = openNet(2, { twoNode: true });
  net.kill("2");
  net.view(["1"], { quorate: true, needed: 1 });
  net.run(20_000);
  stage(net, "1", configOf(2, { version: 2, digest: "two", twoNode: true }));
  activate(net, "1");
  assert.equal(errorOf(net.node("1").replies.get("activate-1")), "DOM_NOT_QUORATE");
});

test("what an epoch carries on too few disks is told to nobody as activated", () => {
  const net = openNet(2, { twoNode: true });
  stage(net, "2", configOf(2, { version: 2, digest: "two", twoNode: true }));
  net.hungDisks.add("1");
  activate(net, "2");
  net.settle();
  net.kill("1");
  net.view(["2"], { quorate: true, needed: 1 });
  net.run(60_000);
  assert.equal(net.node("2").state.ledger.epoch.config.version, 2);
  assert.equal(errorOf(net.node("2").replies.get("activate-2")), "CFG_INTERRUPTED");
  net.hungDisks.delete("1");
  net.boot("1");
  net.view(["1", "2"], { quorate: true, needed: 1 });
  net.run(10_000);
  assert.deepEqual([net.open, net.node("1").state.config.version], [["1", "2"], 2]);
});

test("of two nodes both disks are needed, although one is a quorum", () => {
  const net = openNet(2, { twoNode: true });
  net.view(["1", "2"], { quorate: true, needed: 1 });
  net.run(10_000);
  stage(net, "2", configOf(2, { version: 2, digest: "two", twoNode: true }));
  net.hungDisks.add("1");
  activate(net, "2");
  net.run(60_000);
  assert.equal(net.node("2").replies.get("activate-2"), undefined);
  assert.deepEqual([net.node("1").state.config.version, net.node("2").state.config.version], [1, 1]);
});
