import {
  allAtWork,
  certificateOf,
  claim,
  endsClean,
  explained,
  heldFor,
  historyOf,
  opened,
  PATIENCE_MS,
  timingsOf,
} from "./acts.ts";
import type { Stage, Story } from "./stage.ts";

const MASTER = "tpve01";
const VICTIM = "tpve04";
const REST = ["tpve01", "tpve02", "tpve03", "tpve05"];

export const hungDisk: Story = {
  name: "hung-disk",
  claim: "A master whose state directory hangs still holds, fences and lets go.",
  runsIn: ["demo", "lab"],
  options: { nodes: 5, disksCanHang: true },
  async play(stage) {
    await allAtWork(stage);
    await stage.freezeDisk(MASTER);
    const faultAt = Date.now();
    await stage.cut(VICTIM);
    const held = await heldFor(stage, REST, VICTIM);
    const incident = await certificateOf(stage, "tpve02", VICTIM);
    const open = await opened(stage, MASTER);
    claim((await stage.offCount(VICTIM)) === 1, `${VICTIM} was not switched off exactly once`);
    await endsClean(stage, REST);
    await stage.thawDisk(MASTER);
    await catchesUp(stage);
    await stage.heal(VICTIM);
    await endsClean(stage);
    return { timings: timingsOf(faultAt, held, incident, open), why: explained(held, VICTIM) };
  },
};

/** What could not be written meanwhile is written now: the history is the same on all nodes. */
async function catchesUp(stage: Stage): Promise<void> {
  const expected = (await historyOf(stage, "tpve02"))[0]?.hash;
  const until = Date.now() + PATIENCE_MS;
  while (Date.now() < until) {
    if ((await historyOf(stage, MASTER))[0]?.hash === expected) return;
  }
  throw new Error(`the journal of ${MASTER} did not catch up after its disk came back`);
}
