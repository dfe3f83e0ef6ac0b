/**
 * The master's word that a delay is waited for was lost with its ring. The delay goes on in the next one, and is
 * told again there: otherwise everybody would be held, for ever at -1, and nobody could say why.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { majorityOf, NO_QUORUM, openNet } from "../net-harness.ts";
import { configOf } from "../testing.ts";
import { whyHeld } from "../view/why.ts";

test("a delay that goes on in another ring is told there", () => {
  const config = configOf(3);
  const net = openNet(3, { fenceDaemon: { ...config.fenceDaemon, postFailDelayMs: -1 } });
  net.reaches = (_to, _from, body) => body.type !== "victim-state";
  net.view(["3"], NO_QUORUM);
  net.view(["1", "2"], majorityOf(3));
  net.run(1_000);
  net.reaches = () => true;
  net.view(["1", "2"], majorityOf(3));
  net.run(1_000);
  for (const key of ["1", "2"]) {
    const steps = whyHeld(net.node(key).state).map(({ step }) => step);
    assert.deepEqual(steps, ["waiting: post_fail_delay is -1: it is never fenced by itself"]);
  }
});
