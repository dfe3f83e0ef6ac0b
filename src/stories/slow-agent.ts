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
import { withDeviceAttributes } from "./cluster-conf.ts";
import type { Story } from "./stage.ts";

const VICTIM = "tpve02";

export const slowAgent: Story = {
  name: "slow-agent",
  claim:
    "An agent that hangs is ended when its time is over, counts as failed, and the next try may succeed.",
  runsIn: ["demo", "lab"],
  options: {
    nodes: 3,
    configuration: (base) =>
      withDeviceAttributes(base, VICTIM, { power_timeout: "1", shell_timeout: "1", login_timeout: "1" }),
  },
  async play(stage) {
    await allAtWork(stage);
    await stage.deviceFault(VICTIM, { type: "hangs" });
    const faultAt = Date.now();
    await stage.cut(VICTIM);
    const held = await heldFor(stage, ["tpve01", "tpve03"], VICTIM);
    await stage.until(
      "tpve01",
      "an attempt has failed for its time",
      (now) => (victimIn(now, VICTIM)?.steps.length ?? 0) > 0,
      LONG_PATIENCE_MS,
    );
    const why = await whyHeld(stage, "tpve01", VICTIM);
    claim((await stage.status("tpve01")).gate === "frozen", "storage was let go although nothing was proven");

    await stage.deviceFault(VICTIM, { type: "none" });
    const incident = await certificateOf(stage, "tpve01", VICTIM);
    const open = await opened(stage, "tpve01");
    claim(
      incident.steps.some((step) => step.result !== "ok"),
      "the certificate hides the attempt that failed",
    );
    await stage.heal(VICTIM);
    await endsClean(stage);
    return { timings: timingsOf(faultAt, held, incident, open), why };
  },
};
