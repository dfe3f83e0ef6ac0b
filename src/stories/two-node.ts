import { allAtWork, certificateOf, claim, endsClean, explained, heldFor, opened, timingsOf } from "./acts.ts";
import type { Story } from "./stage.ts";

export const twoNode: Story = {
  name: "two-node",
  claim: "When two nodes lose sight of one another, exactly one survives.",
  runsIn: ["demo", "lab"],
  options: { nodes: 2 },
  async play(stage) {
    await allAtWork(stage);
    const faultAt = Date.now();
    await stage.split([["tpve01"], ["tpve02"]]);
    const held = await heldFor(stage, ["tpve01"], "tpve02");
    const incident = await certificateOf(stage, "tpve01", "tpve02");
    const open = await opened(stage, "tpve01");
    const counts = [await stage.offCount("tpve01"), await stage.offCount("tpve02")];
    claim(
      counts[0] === 0 && counts[1] === 1,
      `switched off: tpve01 ${counts[0]} times, tpve02 ${counts[1]} times`,
    );
    await endsClean(stage, ["tpve01"]);
    await stage.healAll();
    await endsClean(stage);
    claim((await stage.offCount("tpve01")) === 0, "tpve02 came back and shot the survivor");
    return { timings: timingsOf(faultAt, held, incident, open), why: explained(held, "tpve02") };
  },
};
