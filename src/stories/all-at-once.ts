import {
  allAtWork,
  certificateOf,
  claim,
  endsClean,
  heldFor,
  opened,
  PATIENCE_MS,
  timingsOf,
  victimIn,
  whyHeld,
} from "./acts.ts";
import type { Story } from "./stage.ts";

const LOST = ["tpve02", "tpve04"] as const;
const REST = ["tpve01", "tpve03", "tpve05"];

export const allAtOnce: Story = {
  name: "all-at-once",
  claim: "Two nodes that are lost together are fenced at the same time, not one after the other.",
  runsIn: ["demo", "lab"],
  options: { nodes: 5 },
  async play(stage) {
    await allAtWork(stage);
    for (const node of LOST) await stage.deviceFault(node, { type: "hangs" });
    const faultAt = Date.now();
    await stage.split([REST, [LOST[0]], [LOST[1]]]);
    const held = await heldFor(stage, REST, LOST[0]);
    await stage.until(
      "tpve01",
      "both are being fenced at the same time",
      (now) => LOST.every((node) => victimIn(now, node)?.stage === "fencing"),
      PATIENCE_MS,
    );
    const why = await whyHeld(stage, "tpve01", LOST[1]);
    // The first one's device stays silent: the second is done all the same.
    await stage.deviceFault(LOST[1], { type: "none" });
    await certificateOf(stage, "tpve01", LOST[1]);
    claim(
      (await stage.status("tpve01")).gate === "frozen",
      `storage was let go although ${LOST[0]} may still write`,
    );
    await stage.deviceFault(LOST[0], { type: "none" });
    const incident = await certificateOf(stage, "tpve01", LOST[0]);
    const open = await opened(stage, "tpve01");
    for (const node of LOST) {
      claim((await stage.offCount(node)) === 1, `${node} was not switched off exactly once`);
    }
    await stage.healAll();
    await endsClean(stage);
    return { timings: timingsOf(faultAt, held, incident, open), why };
  },
};
