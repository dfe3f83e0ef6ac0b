import { allAtWork, endsClean, nobodyWasShot, PATIENCE_MS, whyHeld } from "./acts.ts";
import { withFenceDaemon } from "./cluster-conf.ts";
import type { Story } from "./stage.ts";

export const reunited: Story = {
  name: "reunited",
  claim: "Two halves without a quorum that find one another again go on: nobody is shot, nobody is stuck.",
  runsIn: ["demo", "lab"],
  options: {
    nodes: 4,
    // A node that boots late must not be taken for one that nobody has heard of: that is another story.
    configuration: (base) => withFenceDaemon(base, { post_join_delay: "60" }),
  },
  async play(stage) {
    await allAtWork(stage);
    const faultAt = Date.now();
    await stage.split([
      ["tpve01", "tpve02"],
      ["tpve03", "tpve04"],
    ]);
    const held = await Promise.all(
      stage.nodes.map((node) =>
        stage.until(
          node,
          "it is held without a quorum",
          (now) => now.gate === "frozen" && !now.quorate && now.synced,
          PATIENCE_MS,
        ),
      ),
    );
    const why = await whyHeld(stage, "tpve03", "no-quorum");
    await stage.healAll();
    await endsClean(stage);
    await nobodyWasShot(stage);
    const open = await stage.status("tpve01");
    const lost = Math.min(...held.map((status) => status.gateSince));
    return { timings: { lost_ms: lost - faultAt, thaw_ms: open.gateSince - faultAt }, why };
  },
};
