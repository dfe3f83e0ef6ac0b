import { allAtWork, claim, endsClean, nobodyWasShot, PATIENCE_MS } from "./acts.ts";
import { withFenceDaemon } from "./cluster-conf.ts";
import { allOn, configOf, onAllDisks, works } from "./config-acts.ts";
import type { Story } from "./stage.ts";

const HERE = "tpve02";
const WITHIN_S = 8;
/** Units: ms. From the deadline until the version before is back everywhere. */
const BACK_MS_MAX = 5_000;

export const configUnconfirmed: Story = {
  name: "config-unconfirmed",
  claim:
    "A configuration that nobody confirms goes back by itself, on all nodes, and is kept once confirmed.",
  runsIn: ["demo", "lab"],
  options: { nodes: 3 },
  async play(stage) {
    await allAtWork(stage);
    const base = await stage.readConfig(HERE, "");
    const edited = withFenceDaemon(base, { post_fail_delay: "2" });
    await works(stage, HERE, ["bouncer", "config", "stage", "-"], edited);
    await works(stage, HERE, ["bouncer", "config", "activate", "--confirm-within", `${WITHIN_S}s`]);
    const deadline = Date.now() + WITHIN_S * 1_000;
    await allOn(stage, 2);
    await works(stage, HERE, ["bouncer", "config", "status"]);

    // The master of the activation need not live: whoever decides then keeps the deadline.
    await stage.killDaemon("tpve01");
    await stage.startDaemon("tpve01");
    await allOn(stage, 3, WITHIN_S * 1_000 + PATIENCE_MS);
    const lateMs = Date.now() - deadline;
    stage.say(`back on all nodes ${lateMs} ms after the deadline`);
    claim(lateMs > -1_000, "it went back before its time");
    claim(lateMs <= BACK_MS_MAX, `it took ${lateMs} ms after the deadline until all nodes were back`);
    const { inForce } = await configOf(stage, "tpve03");
    claim(inForce.comment.includes("was not confirmed"), `the history says "${inForce.comment}"`);
    await onAllDisks(stage, base.replace('config_version="1"', 'config_version="3"'));

    await works(stage, HERE, ["bouncer", "config", "rollback", "2", "--confirm-within", "60s"]);
    await works(stage, "tpve03", ["bouncer", "config", "confirm"]);
    await allOn(stage, 4);
    await nobodyWasShot(stage);
    await endsClean(stage);
    return { timings: {}, why: [] };
  },
};
