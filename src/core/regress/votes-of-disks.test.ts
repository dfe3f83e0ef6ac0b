/**
 * How many disks must have an epoch is counted in votes, and votes change: a person lowers the expected
 * ones because a disk hangs; a quorum device gives votes and has no disk; corosync.conf gives other
 * votes than cluster.conf. In each case the gates once stayed shut for ever.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { majorityOf, Net, openNet } from "../net-harness.ts";

test("fewer votes needed are enough for the proposal that stands", () => {
  const net = openNet(3);
  net.hungDisks.add("2");
  net.kill("3");
  net.view(["1", "2"], majorityOf(3));
  net.run(60_000);
  assert.deepEqual(net.open, []);
  for (const key of ["1", "2"]) net.votes(key, { quorate: true, needed: 1 });
  net.run(1_000);
  assert.deepEqual(net.open, ["1", "2"]);
});

test("nobody asks a quorum device for a disk", () => {
  const net = openNet(2);
  net.kill("2");
  net.view(["1"], { quorate: true, needed: 2, device: 1 });
  net.run(60_000);
  assert.deepEqual(net.open, ["1"]);
});

test("without a device two votes are two disks", () => {
  const net = openNet(2);
  net.kill("2");
  net.view(["1"], { quorate: true, needed: 2 });
  net.run(60_000);
  assert.deepEqual(net.open, []);
});

test("votequorum's votes count, not those of cluster.conf", () => {
  const net = new Net();
  const keys = ["1", "2", "3"];
  for (const key of keys) net.boot(key);
  net.view(keys, { quorate: true, needed: 4, own: 2 });
  net.run(60_000);
  assert.deepEqual(net.open, keys);
});
