/** The compliance suite on the loopback engine. Always runs: it needs nothing but this package. */
import { loopbackKind } from "./loopback-harness.ts";
import { defineSuite } from "./suite.ts";

defineSuite(loopbackKind);
