import {
  allAtWork,
  certificateOf,
  claim,
  endsClean,
  explained,
  heldFor,
  idOf,
  opened,
  timingsOf,
} from "./acts.ts";
import type { Story } from "./stage.ts";

const VICTIM = "tpve02";
const BLIND = "tpve01";

export const executorBlind: Story = {
  name: "executor-blind",
  claim: "A member that cannot reach the victim's device hands over to one that can.",
  runsIn: ["demo", "lab"],
  options: { nodes: 3 },
  async play(stage) {
    await allAtWork(stage);
    await stage.deviceFault(VICTIM, { type: "blind", to: [BLIND] });
    const faultAt = Date.now();
    await stage.cut(VICTIM);
    const held = await heldFor(stage, ["tpve01", "tpve03"], VICTIM);
    const incident = await certificateOf(stage, "tpve01", VICTIM);
    const open = await opened(stage, "tpve01");
    const failed = incident.steps.some((step) => step.executor === idOf(BLIND) && step.result !== "ok");
    claim(failed, `${BLIND} did not try first: ${JSON.stringify(incident.steps)}`);
    claim(
      incident.evidence.some((item) => item.by === idOf("tpve03")),
      "the proof is not from the member that can see",
    );
    claim((await stage.offCount(VICTIM)) === 1, `${VICTIM} was not switched off exactly once`);
    await stage.heal(VICTIM);
    await endsClean(stage);
    return { timings: timingsOf(faultAt, held, incident, open), why: explained(held, VICTIM) };
  },
};
