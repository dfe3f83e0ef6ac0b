import {
  allAtWork,
  certificateOf,
  claim,
  endsClean,
  formatLs,
  heldFor,
  opened,
  timingsOf,
  victimIn,
  whyHeld,
} from "./acts.ts";
import type { Stage, Story } from "./stage.ts";

const VICTIM = "tpve02";
const WATCHER = "tpve01";

async function showLs(stage: Stage, when: string): Promise<string> {
  const { stdout } = await stage.run(WATCHER, ["fence_tool", "ls"]);
  stage.say(`# fence_tool ls          (${when}, on ${WATCHER})\n${stdout}`);
  return stdout;
}

/** The article: the network of a node goes down; before, during and after in the words of the old tool. */
export const ifdown: Story = {
  name: "ifdown",
  claim: "A node whose network goes down is switched off through its iLO, read back off, and the rest go on.",
  runsIn: ["demo", "lab"],
  options: { nodes: 3 },
  async play(stage) {
    await allAtWork(stage);
    const before = await showLs(stage, "before");
    claim(before === (await endsClean(stage)), `before the fault fence_tool ls is not clean:\n${before}`);

    // The iLO keeps silent for a moment, so that there is time to look; a real one takes seconds.
    await stage.deviceFault(VICTIM, { type: "hangs" });
    const faultAt = Date.now();
    await stage.cut(VICTIM);
    const held = await heldFor(stage, [WATCHER, "tpve03"], VICTIM);
    await stage.until(
      WATCHER,
      "the victim is being fenced",
      (now) => victimIn(now, VICTIM)?.stage === "fencing",
      30_000,
    );
    const during = await showLs(stage, "during");
    const expected = formatLs({
      count: 2,
      victims: 1,
      now: 2,
      master: 1,
      wait: "fencing",
      members: [1, 2, 3],
    });
    claim(during === expected, `while tpve02 is fenced, fence_tool ls reads otherwise:\n${during}`);
    const why = await whyHeld(stage, WATCHER, VICTIM);

    await stage.deviceFault(VICTIM, { type: "none" });
    const incident = await certificateOf(stage, WATCHER, VICTIM);
    const open = await opened(stage, WATCHER);
    claim(incident.how === "agent", `${VICTIM} is done by ${incident.how} instead of its agent`);
    claim((await stage.offCount(VICTIM)) === 1, `${VICTIM} was not switched off exactly once`);
    await endsClean(stage, [WATCHER, "tpve03"]);
    await showLs(stage, "after");

    await stage.heal(VICTIM);
    await endsClean(stage);
    return { timings: timingsOf(faultAt, held, incident, open), why };
  },
};
