import { allAtWork, claim, endsClean, historyOf, nobodyWasShot } from "./acts.ts";
import type { Story } from "./stage.ts";

export const coldStart: Story = {
  name: "cold-start",
  claim: "A cluster that was shut down in order and comes up again fences nobody.",
  runsIn: ["demo", "lab"],
  options: { nodes: 3 },
  async play(stage) {
    await allAtWork(stage);
    for (const node of ["tpve03", "tpve02", "tpve01"]) await stage.shutdown(node);
    await Promise.all(stage.nodes.map((node) => stage.power(node, "on")));
    await endsClean(stage);
    await nobodyWasShot(stage);
    claim(
      (await historyOf(stage, "tpve01")).length === 0,
      "an incident was recorded for an orderly shutdown",
    );
    return { timings: {}, why: [] };
  },
};
