import {
  allAtWork,
  certificateOf,
  claim,
  endsClean,
  heldFor,
  opened,
  PATIENCE_MS,
  timingsOf,
  victimIn,
  whyHeld,
} from "./acts.ts";
import { withoutMethod } from "./cluster-conf.ts";
import type { Story } from "./stage.ts";

const FREE = "tpve02";
const STUCK = "tpve04";

export const stuckAndFree: Story = {
  name: "stuck-and-free",
  claim: "A victim that nobody can fence delays no other one; only the storage waits for it.",
  runsIn: ["demo", "lab"],
  options: { nodes: 5, configuration: (base) => withoutMethod(base, STUCK) },
  async play(stage) {
    await allAtWork(stage);
    const faultAt = Date.now();
    await Promise.all([stage.cut(STUCK), stage.cut(FREE)]);
    const held = await heldFor(stage, ["tpve01", "tpve03", "tpve05"], STUCK);
    const incident = await certificateOf(stage, "tpve01", FREE);
    const still = await stage.until(
      "tpve01",
      `only ${STUCK} is left`,
      (now) => now.victims.length === 1 && victimIn(now, STUCK)?.stage === "stuck",
      PATIENCE_MS,
    );
    claim(still.gate === "frozen", `storage was let go although ${STUCK} may still write`);
    claim(await stage.isPowered(STUCK), `${STUCK} lost its power although it has no device`);
    claim((await stage.offCount(FREE)) === 1, `${FREE} was not switched off exactly once`);
    const why = await whyHeld(stage, "tpve01", STUCK);

    await stage.power(STUCK, "off"); // Somebody walks there, and only then says so.
    const acked = await stage.run("tpve03", ["fence_ack_manual", STUCK], "absolutely\n");
    claim(acked.code === 0, `fence_ack_manual exited with ${acked.code}: ${acked.stderr}`);
    const open = await opened(stage, "tpve01");
    await endsClean(stage, ["tpve01", "tpve03", "tpve05"]);
    await stage.healAll();
    await stage.power(STUCK, "on");
    await endsClean(stage);
    return { timings: timingsOf(faultAt, held, incident, open), why };
  },
};
