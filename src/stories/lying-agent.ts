import {
  allAtWork,
  certificateOf,
  claim,
  endsClean,
  heldFor,
  LONG_PATIENCE_MS,
  opened,
  timingsOf,
  victimIn,
  whyHeld,
} from "./acts.ts";
import type { Story } from "./stage.ts";

const VICTIM = "tpve02";

export const lyingAgent: Story = {
  name: "lying-agent",
  claim: "An agent's word is not believed: what counts is that the power reads off.",
  runsIn: ["demo", "lab"],
  options: { nodes: 3 },
  async play(stage) {
    await allAtWork(stage);
    await stage.deviceFault(VICTIM, { type: "lies" });
    const faultAt = Date.now();
    await stage.cut(VICTIM);
    const held = await heldFor(stage, ["tpve01", "tpve03"], VICTIM);
    await stage.until(
      "tpve01",
      "both members were lied to",
      (now) => victimIn(now, VICTIM)?.stage === "stuck",
      LONG_PATIENCE_MS,
    );
    claim(await stage.isPowered(VICTIM), `${VICTIM} is off: the device did not lie`);
    claim((await stage.status("tpve03")).gate === "frozen", "storage was let go on an agent's word alone");
    const why = await whyHeld(stage, "tpve01", VICTIM);

    await stage.deviceFault(VICTIM, { type: "none" });
    const incident = await certificateOf(stage, "tpve01", VICTIM);
    const open = await opened(stage, "tpve01");
    claim((await stage.offCount(VICTIM)) === 1, `${VICTIM} was not switched off exactly once`);
    await stage.heal(VICTIM);
    await endsClean(stage);
    return { timings: timingsOf(faultAt, held, incident, open), why };
  },
};
