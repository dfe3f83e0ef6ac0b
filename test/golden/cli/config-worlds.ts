/** Situations in the life of a configuration, for the transcripts. */
import { OperationError } from "../../../src/core/errors.ts";
import type { ConfigAnswers } from "./fake-config.ts";
import { AGREEABLE } from "./fake-config.ts";
import type { World } from "./fake-daemon.ts";
import { NOW, OPEN } from "./fixtures.ts";

const FOUR = { version: 4, digest: "4f0c12ab90d1".padEnd(64, "0") };
const FIVE = { version: 5, digest: "5d1e77c0ffee".padEnd(64, "0") };
const DAY_MS = 86_400_000;
const FIRST = { ...FOUR, by: "", at: NOW - 9 * DAY_MS, comment: "" };
const SECOND = { ...FIVE, by: "anna", at: NOW - DAY_MS, comment: "second power switch" };
const FILE = { path: "/etc/cluster/cluster.conf", state: "same", version: 5 } as const;
const IN_FORCE = {
  node: "tpve01",
  at: NOW,
  inForce: SECOND,
  epoch: 12,
  established: true,
  file: FILE,
} as const;
const SIX = { version: 6, digest: "6a6a6a6a6a6a".padEnd(64, "0") };
const agrees = (node: string) => ({ node, ok: true, problems: [] });
const STAGED = {
  ...SIX,
  by: "bert",
  at: NOW - 60_000,
  comment: "new iLO",
  reports: [agrees("tpve01"), agrees("tpve02"), agrees("tpve03")],
  missing: [],
};
const STAMP_SIX = { ...SIX, by: "bert", at: NOW - 50_000, comment: "new iLO" };
const REFUSED = {
  ...STAGED,
  reports: [
    agrees("tpve01"),
    {
      node: "tpve02",
      ok: false,
      problems: [
        "fence device ilo-03 does not say whether tpve03 is on: Connection timed out",
        "cluster.conf:6: error: agent fence_apc is not on this node (this node could not fence with it)",
      ],
    },
  ],
  missing: ["tpve03"],
};
const DIFF = {
  a: { name: "version 5", version: 5 },
  b: { name: "version 6", version: 6 },
  same: false,
  text: '--- version 5\n+++ version 6\n@@ -6,1 +6,1 @@\n-  <fencedevice name="ilo-03" ipaddr="OLD"/>\n+  <fencedevice name="ilo-03" ipaddr="NEW"/>\n',
  changes: [
    {
      subject: { type: "device" as const, device: "ilo-03" },
      weight: "watch" as const,
      text: "fence device ilo-03 has another ipaddr",
    },
  ],
};

const staged = (of: typeof STAGED | typeof REFUSED): ConfigAnswers => ({
  ...AGREEABLE,
  show: () => ({ ...IN_FORCE, staged: { ...of, reports: [...of.reports], missing: [...of.missing] } }),
  stage: async () => ({ type: "staged", ...SIX, epoch: 12, raised: true, warnings: [] }),
  activate: async () => ({ type: "activated", ...SIX, epoch: 13 }),
  confirm: async () => ({ type: "confirmed", ...SIX, epoch: 14 }),
  discard: async () => ({ type: "discarded", ...FIVE, epoch: 12 }),
  diff: async () => DIFF,
});

const refuse = (error: OperationError) => async (): Promise<never> => {
  throw error;
};

export const CONFIG_WORLDS: Readonly<Record<string, World>> = {
  configured: {
    timeline: [[0, OPEN]],
    config: {
      ...AGREEABLE,
      show: () => IN_FORCE,
      text: async () => ({ name: "version 5", ...FIVE, text: '<cluster name="tpve" config_version="5"/>\n' }),
      history: async () => [SECOND, FIRST],
      diff: async () => DIFF,
      activate: refuse(new OperationError("CFG_NOT_STAGED", "nothing is staged")),
      confirm: refuse(new OperationError("CFG_NOT_STAGED", "version 5 waits for no confirmation")),
    },
  },
  "config-staged": { timeline: [[0, OPEN]], config: staged(STAGED) },
  "config-refused": { timeline: [[0, OPEN]], config: staged(REFUSED) },
  "config-file-newer": {
    timeline: [[0, OPEN]],
    config: {
      ...staged(STAGED),
      show: () => ({
        ...IN_FORCE,
        staged: { ...STAGED, reports: [...STAGED.reports], missing: [] },
        file: { path: "/etc/cluster/cluster.conf", state: "newer", version: 6 },
      }),
      text: async (of) => ({ name: of, ...SIX, text: "<cluster/>" }),
    },
  },
  "config-overtaken": {
    timeline: [[0, OPEN]],
    config: {
      ...staged(STAGED),
      stage: refuse(
        new OperationError(
          "CFG_CONFLICT",
          "another configuration is staged already: version 6, staged by bert",
        ),
      ),
    },
  },
  "config-unconfirmed": {
    timeline: [[0, OPEN]],
    config: {
      ...staged(STAGED),
      show: () => ({
        ...IN_FORCE,
        inForce: { ...STAMP_SIX, confirm: { withinMs: 300_000, until: NOW + 250_000, back: FIVE } },
        activating: { ...STAMP_SIX, by: "anna" },
        file: {
          path: "/etc/cluster/cluster.conf",
          state: "older",
          version: 5,
          problem: "it could not be written: no space left on device; it is tried again",
        },
      }),
    },
  },
};
