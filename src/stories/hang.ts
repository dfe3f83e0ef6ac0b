import {
  allAtWork,
  certificateOf,
  claim,
  endsClean,
  heldFor,
  opened,
  timingsOf,
  victimIn,
  whyHeld,
} from "./acts.ts";
import type { Story } from "./stage.ts";

const VICTIM = "tpve02";

export const hang: Story = {
  name: "hang",
  claim:
    "A node that hangs and wakes up after the others began to fence it finds itself expelled and holds still.",
  runsIn: ["demo", "lab"],
  options: { nodes: 3 },
  async play(stage) {
    await allAtWork(stage);
    await stage.deviceFault(VICTIM, { type: "fails" });
    const faultAt = Date.now();
    await stage.hang(VICTIM);
    const held = await heldFor(stage, ["tpve01", "tpve03"], VICTIM);
    await stage.until("tpve01", "fencing fails", (now) => victimIn(now, VICTIM)?.stage === "stuck", 60_000);
    const why = await whyHeld(stage, "tpve01", VICTIM);

    await stage.resume(VICTIM);
    const woken = await stage.until(VICTIM, "it finds itself expelled", (now) => now.expelled, 60_000);
    claim(woken.gate === "frozen", `${VICTIM} knows that it is expelled and its gate is open`);
    await whyHeld(stage, VICTIM, "expelled");
    const woke = await stage.status("tpve01");
    claim(woke.gate === "frozen", "the others went on although the node that woke up may write");

    await stage.deviceFault(VICTIM, { type: "none" });
    const incident = await certificateOf(stage, "tpve01", VICTIM);
    const open = await opened(stage, "tpve01");
    claim((await stage.offCount(VICTIM)) === 1, `${VICTIM} was not switched off exactly once`);
    await endsClean(stage);
    return { timings: timingsOf(faultAt, held, incident, open), why };
  },
};
