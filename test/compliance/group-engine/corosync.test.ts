/** The compliance suite on real Corosync nodes. Needs root and Corosync; says so when it cannot run. */
import { it } from "node:test";
import { corosyncKind, corosyncMissing } from "./corosync-harness.ts";
import { defineSuite } from "./suite.ts";

const missing = corosyncMissing();
if (missing === undefined) {
  defineSuite(corosyncKind);
} else {
  process.stderr.write(`\nSKIPPED: the compliance suite of the Corosync engine ${missing}.\n\n`);
  it("group engine corosync", { skip: missing }, () => {});
}
