/** The compliance suite on the loopback engine. Always runs: it needs nothing but this package. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { loopbackKind } from "./loopback-harness.ts";
import { startMember } from "./member.ts";
import { defineSuite } from "./suite.ts";

defineSuite(loopbackKind);

it("says in one sentence that there is no hub", async () => {
  const options = { nodeId: 1, votes: 1, expectedVotes: 1, twoNode: false };
  const starting = startMember(1, { engine: "loopback", hubPath: "/nowhere/hub.sock", ...options });
  await assert.rejects(starting, /no loopback hub at \/nowhere\/hub.sock.*CLU_UNAVAILABLE/);
});
