import { allAtWork, certificateOf, claim, endsClean, explained, heldFor, opened, timingsOf } from "./acts.ts";
import type { Story } from "./stage.ts";

export const crash: Story = {
  name: "crash",
  claim: "A node that lost its power is read off, the rest go on, and it comes back by itself.",
  runsIn: ["demo", "lab"],
  options: { nodes: 3 },
  async play(stage) {
    await allAtWork(stage);
    const faultAt = Date.now();
    const [held] = await Promise.all([heldFor(stage, ["tpve01", "tpve03"], "tpve02"), stage.crash("tpve02")]);
    const open = await opened(stage, "tpve01");
    const incident = await certificateOf(stage, "tpve01", "tpve02");
    claim(incident.how === "agent", `tpve02 is done by ${incident.how} instead of its agent`);
    await endsClean(stage); // Its agent's default is reboot: it was switched on again.
    return { timings: timingsOf(faultAt, held, incident, open), why: explained(held, "tpve02") };
  },
};
