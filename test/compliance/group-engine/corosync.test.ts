/** The compliance suite on real Corosync nodes. Needs root and Corosync; says so when it cannot run. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { corosyncKind, corosyncMissing } from "./corosync-harness.ts";
import { startMember } from "./member.ts";
import { defineSuite } from "./suite.ts";

const missing = corosyncMissing();
if (missing === undefined) {
  defineSuite(corosyncKind);

  it("says in one sentence that Corosync does not run", async () => {
    // A network namespace of its own: the host may well have a Corosync.
    await assert.rejects(startMember(1, { engine: "corosync" }, ["unshare", "-n"]), (error: Error) => {
      assert.match(error.message, /"code":"CLU_UNAVAILABLE"/);
      assert.match(error.message, /Corosync cannot be used: cpg_model_initialize: CS_ERR_LIBRARY/);
      return true;
    });
  });
} else {
  process.stderr.write(`\nSKIPPED: the compliance suite of the Corosync engine ${missing}.\n\n`);
  it("group engine corosync", { skip: missing }, () => {});
}
