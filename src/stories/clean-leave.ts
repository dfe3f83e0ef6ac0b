import { allAtWork, claim, endsClean, historyOf, nobodyWasShot, PATIENCE_MS } from "./acts.ts";
import type { Story } from "./stage.ts";

export const cleanLeave: Story = {
  name: "clean-leave",
  claim: "A node may not leave while it uses the storage; one that leaves in order disturbs nobody.",
  runsIn: ["demo", "lab"],
  options: { nodes: 3 },
  async play(stage) {
    await allAtWork(stage);
    await stage.until("tpve03", "its storage is in use", (now) => now.inUse.length > 0, PATIENCE_MS);
    const refused = await stage.run("tpve03", ["fence_tool", "leave"]);
    claim(refused.code !== 0, "tpve03 was let go while its workload writes");
    stage.say(refused.stderr.trimEnd());

    const before = await stage.status("tpve01");
    await stage.shutdown("tpve03");
    await endsClean(stage, ["tpve01", "tpve02"]);
    const after = await stage.status("tpve01");
    claim(after.gateSince === before.gateSince, "storage was held because a node left in order");
    await nobodyWasShot(stage);
    claim((await historyOf(stage, "tpve01")).length === 0, "an incident was recorded for an orderly leave");

    await stage.power("tpve03", "on");
    await endsClean(stage);
    return { timings: {}, why: [] };
  },
};
