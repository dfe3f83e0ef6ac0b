import { allAtWork, claim, endsClean, historyOf, nobodyWasShot, PATIENCE_MS, whyHeld } from "./acts.ts";
import type { Story } from "./stage.ts";

export const daemonCrash: Story = {
  name: "daemon-crash",
  claim: "A daemon that dies alone and returns within its grace costs nobody their power.",
  runsIn: ["demo", "lab"],
  options: { nodes: 3 },
  async play(stage) {
    await allAtWork(stage);
    const faultAt = Date.now();
    await stage.killDaemon("tpve02");
    const suspected = await stage.until(
      "tpve01",
      "storage is held while the daemon of tpve02 is away",
      (now) =>
        now.gate === "frozen" && now.nodes.some((node) => node.name === "tpve02" && node.state === "suspect"),
      PATIENCE_MS,
    );
    const why = await whyHeld(stage, "tpve01", "tpve02");
    await stage.startDaemon("tpve02");
    const open = await stage.until(
      "tpve01",
      "storage is open again",
      (now) => now.gate === "open",
      PATIENCE_MS,
    );
    await endsClean(stage);
    await nobodyWasShot(stage);
    claim(
      (await historyOf(stage, "tpve01")).length === 0,
      "an incident was recorded although nobody was fenced",
    );
    const timings = { lost_ms: suspected.gateSince - faultAt, thaw_ms: open.gateSince - faultAt };
    return { timings, why };
  },
};
