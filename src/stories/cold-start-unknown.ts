import { certificateOf, claim, endsClean, heldFor, whyHeld } from "./acts.ts";
import { withAction, withFenceDaemon } from "./cluster-conf.ts";
import type { Story } from "./stage.ts";

const ABSENT = "tpve03";

export const coldStartUnknown: Story = {
  name: "cold-start-unknown",
  claim: "A node that nobody knows anything of is fenced after post_join_delay, and only then storage opens.",
  runsIn: ["demo", "lab"],
  options: {
    nodes: 3,
    off: [ABSENT],
    configuration: (base) => withAction(withFenceDaemon(base, { post_join_delay: "4" }), ABSENT, "off"),
  },
  async play(stage) {
    await heldFor(stage, ["tpve01"], ABSENT);
    const why = await whyHeld(stage, "tpve01", ABSENT);
    const incident = await certificateOf(stage, "tpve01", ABSENT);
    claim(incident.cause === "unknown since start", `the cause is ${incident.cause}`);
    claim(incident.how === "agent", `${ABSENT} is done by ${incident.how} instead of its agent`);
    await endsClean(stage, ["tpve01", "tpve02"]);
    claim(!(await stage.isPowered(ABSENT)), `${ABSENT} was switched on although its action is off`);
    return { timings: {}, why };
  },
};
