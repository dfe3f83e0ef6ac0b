import { allAtWork, claim, endsClean, nobodyWasShot, PATIENCE_MS, whyHeld } from "./acts.ts";
import { withFenceDaemon } from "./cluster-conf.ts";
import type { Story } from "./stage.ts";

export const noQuorum: Story = {
  name: "no-quorum",
  claim: "Who is left without a quorum holds the storage and fences nobody.",
  runsIn: ["demo", "lab"],
  options: { nodes: 3, configuration: (base) => withFenceDaemon(base, { post_join_delay: "2" }) },
  async play(stage) {
    await allAtWork(stage);
    const faultAt = Date.now();
    await Promise.all([stage.crash("tpve02"), stage.crash("tpve03")]);
    const held = await stage.until(
      "tpve01",
      "it is alone, without a quorum",
      (now) => now.gate === "frozen" && !now.quorate && now.domain.waitState === "quorum",
      PATIENCE_MS,
    );
    const why = await whyHeld(stage, "tpve01", "no-quorum");
    const waited = await stage.run("tpve01", ["bouncer", "wait", "--timeout", "3"]);
    claim(waited.code === 5, `bouncer wait exited with ${waited.code} instead of running out of time`);
    await nobodyWasShot(stage);
    claim(!(await stage.isPowered("tpve02")), "tpve02 was switched on by somebody without a quorum");

    await stage.power("tpve02", "on");
    const open = await stage.until(
      "tpve01",
      "storage is open again",
      (now) => now.gate === "open",
      PATIENCE_MS,
    );
    await endsClean(stage); // tpve03 was read off and switched on again.
    return { timings: { lost_ms: held.gateSince - faultAt, thaw_ms: open.gateSince - faultAt }, why };
  },
};
