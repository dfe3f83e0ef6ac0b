import { allAtWork, certificateOf, claim, endsClean, historyOf } from "./acts.ts";
import type { Story } from "./stage.ts";

export const external: Story = {
  name: "external",
  claim: "fence_node on a living member is one shot, not two: the domain takes it for its own.",
  runsIn: ["demo", "lab"],
  options: { nodes: 3 },
  async play(stage) {
    await allAtWork(stage);
    const shot = await stage.run("tpve03", ["fence_node", "tpve02"]);
    stage.say(shot.stderr.trimEnd());
    claim(shot.code === 0, `fence_node exited with ${shot.code}: ${shot.stderr}`);
    claim(shot.stderr === "fence tpve02 success\n", `fence_node said something new: ${shot.stderr}`);
    const incident = await certificateOf(stage, "tpve01", "tpve02");
    claim(incident.how === "external", `tpve02 is done by ${incident.how} instead of the admin's shot`);
    await endsClean(stage);
    claim((await stage.offCount("tpve02")) === 1, "tpve02 was not switched off exactly once");
    claim((await historyOf(stage, "tpve01")).length === 1, "one shot made more than one incident");
    return { timings: {}, why: [] };
  },
};
