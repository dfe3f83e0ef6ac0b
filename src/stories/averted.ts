import {
  allAtWork,
  certificateOf,
  claim,
  endsClean,
  heldFor,
  nobodyWasShot,
  opened,
  timingsOf,
  whyHeld,
} from "./acts.ts";
import { withFenceDaemon } from "./cluster-conf.ts";
import type { Story } from "./stage.ts";

export const averted: Story = {
  name: "averted",
  claim: "A node that reboots by itself within the delay is not fenced: it came back clean.",
  runsIn: ["demo", "lab"],
  options: {
    nodes: 3,
    configuration: (base) => withFenceDaemon(base, { post_fail_delay: "120", post_join_delay: "120" }),
  },
  async play(stage) {
    await allAtWork(stage);
    const faultAt = Date.now();
    await stage.crash("tpve02");
    const held = await heldFor(stage, ["tpve01", "tpve03"], "tpve02");
    const why = await whyHeld(stage, "tpve01", "tpve02");
    await stage.power("tpve02", "on");
    const incident = await certificateOf(stage, "tpve01", "tpve02");
    claim(incident.how === "member", `tpve02 is done by ${incident.how} instead of its return`);
    const open = await opened(stage, "tpve01");
    await endsClean(stage);
    await nobodyWasShot(stage);
    return { timings: timingsOf(faultAt, held, incident, open), why };
  },
};
