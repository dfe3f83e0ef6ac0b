import { allAtWork, certificateOf, claim, endsClean, explained, heldFor, opened, timingsOf } from "./acts.ts";
import { withDevice, withFirstMethod } from "./cluster-conf.ts";
import type { Story } from "./stage.ts";

const VICTIM = "tpve02";

export const fallback: Story = {
  name: "fallback",
  claim: "When the first method fails, the second one is tried at once and counts.",
  runsIn: ["demo", "lab"],
  options: {
    nodes: 3,
    // A login that the device does not know.
    configuration: (base) =>
      withFirstMethod(withDevice(base, VICTIM, "stale", { login: "formerly" }), VICTIM, "old-login", "stale"),
  },
  async play(stage) {
    await allAtWork(stage);
    const faultAt = Date.now();
    await stage.cut(VICTIM);
    const held = await heldFor(stage, ["tpve01", "tpve03"], VICTIM);
    const incident = await certificateOf(stage, "tpve01", VICTIM);
    const open = await opened(stage, "tpve01");
    const failed = incident.steps.some((step) => step.method === "old-login" && step.result === "failed");
    const worked = incident.steps.some(
      (step) => step.method === "ilo" && step.action === "off" && step.result === "ok",
    );
    claim(failed && worked, `the certificate does not show both methods: ${JSON.stringify(incident.steps)}`);
    claim(incident.attempts === 1, `it took ${incident.attempts} attempts instead of one with two methods`);
    claim((await stage.offCount(VICTIM)) === 1, `${VICTIM} was not switched off exactly once`);
    await stage.heal(VICTIM);
    await endsClean(stage);
    return { timings: timingsOf(faultAt, held, incident, open), why: explained(held, VICTIM) };
  },
};
