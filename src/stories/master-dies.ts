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

const FIRST = "tpve04";
const MASTER = "tpve01";
const REST = ["tpve02", "tpve03", "tpve05"];

export const masterDies: Story = {
  name: "master-dies",
  claim: "The master dies while it fences: the next one carries on, for both.",
  runsIn: ["demo", "lab"],
  options: { nodes: 5 },
  async play(stage) {
    await allAtWork(stage);
    await stage.deviceFault(FIRST, { type: "hangs" });
    const faultAt = Date.now();
    await stage.cut(FIRST);
    const held = await heldFor(stage, REST, FIRST);
    await stage.until(
      "tpve02",
      `${FIRST} is being fenced`,
      (now) => victimIn(now, FIRST)?.stage === "fencing",
      PATIENCE_MS,
    );
    await stage.crash(MASTER);
    await heldFor(stage, REST, MASTER);
    const why = await whyHeld(stage, "tpve02", FIRST);
    await stage.deviceFault(FIRST, { type: "none" });
    const [incident] = await Promise.all([
      certificateOf(stage, "tpve02", FIRST),
      certificateOf(stage, "tpve02", MASTER),
    ]);
    const open = await opened(stage, "tpve02");
    claim((await stage.offCount(FIRST)) === 1, `${FIRST} was not switched off exactly once`);
    await stage.heal(FIRST);
    await endsClean(stage);
    return { timings: timingsOf(faultAt, held, incident, open), why };
  },
};
