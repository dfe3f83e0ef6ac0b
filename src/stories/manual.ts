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
import { withoutMethod } from "./cluster-conf.ts";
import type { Story } from "./stage.ts";

const VICTIM = "tpve03";

export const manual: Story = {
  name: "manual",
  claim: "A lost node without an agent holds the storage until a person says that it is off.",
  runsIn: ["demo", "lab"],
  options: { nodes: 3, configuration: (base) => withoutMethod(base, VICTIM) },
  async play(stage) {
    await allAtWork(stage);
    const faultAt = Date.now();
    await stage.crash(VICTIM);
    const held = await heldFor(stage, ["tpve01", "tpve02"], VICTIM);
    await stage.until(
      "tpve02",
      "nobody can fence it",
      (now) => victimIn(now, VICTIM)?.stage === "stuck",
      30_000,
    );
    const why = await whyHeld(stage, "tpve02", VICTIM);
    stage.say(why.join("\n"));
    claim(
      why.join("\n").includes(`fence_ack_manual ${VICTIM}`),
      "bouncer why does not say what a person can do",
    );

    const refused = await stage.run("tpve02", ["fence_ack_manual", VICTIM], "yes\n");
    claim(refused.code === 1, `fence_ack_manual took "yes" for an answer: ${refused.stdout}`);
    claim((await stage.status("tpve02")).gate === "frozen", "storage was let go without a person's word");

    const acked = await stage.run("tpve02", ["fence_ack_manual", VICTIM], "absolutely\n");
    stage.say(acked.stdout.trimEnd());
    claim(acked.code === 0, `fence_ack_manual exited with ${acked.code}: ${acked.stderr}`);
    const incident = await certificateOf(stage, "tpve01", VICTIM);
    claim(incident.how === "override", `${VICTIM} is done by ${incident.how} instead of a person's word`);
    const open = await opened(stage, "tpve01");
    await endsClean(stage, ["tpve01", "tpve02"]);

    await stage.power(VICTIM, "on");
    await endsClean(stage);
    return { timings: timingsOf(faultAt, held, incident, open), why };
  },
};
