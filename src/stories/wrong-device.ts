import {
  allAtWork,
  certificateOf,
  claim,
  endsClean,
  explained,
  heldFor,
  LONG_PATIENCE_MS,
  opened,
  PATIENCE_MS,
  timingsOf,
  victimIn,
} from "./acts.ts";
import { withCheckInterval } from "./cluster-conf.ts";
import type { Stage, Story } from "./stage.ts";

const VICTIM = "tpve02";
const OTHER = "tpve03";
const WATCHER = "tpve01";
/** Units: seconds. */
const INTERVAL = 5;

/** Until the warnings of this node say so, or do not any more; how many intervals that took. */
async function warned(stage: Stage, node: string, words: string, is: boolean): Promise<number> {
  const since = Date.now();
  const what = `${is ? "warns" : "does not warn any more"}: ${words}`;
  const holds = (status: { readonly warnings: readonly string[] }) =>
    status.warnings.some((warning) => warning.includes(words)) === is;
  await stage.until(node, what, holds, PATIENCE_MS);
  return (Date.now() - since) / 1_000 / INTERVAL;
}

async function check(stage: Stage, wanted: number, words: string): Promise<void> {
  const { code, stdout } = await stage.run(WATCHER, ["bouncer", "check"]);
  stage.say(`# bouncer check            (on ${WATCHER})\n${stdout}`);
  claim(code === wanted, `bouncer check ended with ${code} instead of ${wanted}:\n${stdout}`);
  claim(stdout.replaceAll(/\s+/g, " ").includes(words), `bouncer check does not say "${words}":\n${stdout}`);
}

/** A wrong password and mixed-up cables, found before they count; and what happens when they count. */
export const wrongDevice: Story = {
  name: "wrong-device",
  claim:
    "A wrong password and a device of another node are found by looking, and the wrong node is never shot.",
  runsIn: ["lab"],
  needsIdentity: true,
  options: { nodes: 3, configuration: (base) => withCheckInterval(base, INTERVAL) },
  async play(stage) {
    await allAtWork(stage);
    const looked = (status: { readonly readiness?: { readonly ready: number } }) =>
      status.readiness?.ready === 2;
    for (const node of stage.nodes)
      await stage.until(node, "both devices were looked at", looked, PATIENCE_MS);
    await check(stage, 0, `All fence devices answered ${WATCHER} (3)`);

    await stage.deviceFault(VICTIM, { type: "fails" });
    const found = await warned(
      stage,
      WATCHER,
      `${WATCHER} could not fence ${VICTIM} with ${VICTIM}: credentials`,
      true,
    );
    stage.say(`the wrong password was found after ${found.toFixed(1)} intervals`);
    await check(stage, 1, `${VICTIM} ${VICTIM}, from ${WATCHER}: credentials: `);
    await stage.deviceFault(VICTIM, { type: "none" });
    await warned(stage, WATCHER, "credentials", false);

    await stage.deviceFault(VICTIM, { type: "swapped", with: OTHER });
    const wrong = `${VICTIM} is not ${VICTIM}'s, it is ${OTHER}'s`;
    const swapped = await warned(stage, WATCHER, wrong, true);
    stage.say(`the swapped devices were found after ${swapped.toFixed(1)} intervals`);
    await check(stage, 1, wrong);
    // Each may look before or after the other: the shot must be refused from both.
    await warned(stage, OTHER, wrong, true);

    const faultAt = Date.now();
    await stage.cut(VICTIM);
    const held = await heldFor(stage, [WATCHER, OTHER], VICTIM);
    const isStuck = (status: Parameters<typeof victimIn>[0]) => victimIn(status, VICTIM)?.stage === "stuck";
    const stuck = await stage.until(WATCHER, "nobody shoots at the wrong node", isStuck, LONG_PATIENCE_MS);
    claim((await stage.offCount(OTHER)) === 0, `${OTHER} was switched off in place of ${VICTIM}`);
    claim((await stage.offCount(VICTIM)) === 0, `${VICTIM} was switched off by a device that is not its own`);
    claim(stuck.gate === "frozen", "storage was let go although nothing was proven");

    await stage.deviceFault(VICTIM, { type: "swapped", with: OTHER });
    const incident = await certificateOf(stage, WATCHER, VICTIM);
    const open = await opened(stage, WATCHER);
    claim(incident.how === "agent", `${VICTIM} is done by ${incident.how} instead of its agent`);
    claim((await stage.offCount(VICTIM)) === 1, `${VICTIM} was not switched off exactly once`);
    claim((await stage.offCount(OTHER)) === 0, `${OTHER} was switched off`);
    await stage.heal(VICTIM);
    await endsClean(stage);
    return { timings: timingsOf(faultAt, held, incident, open), why: explained(held, VICTIM) };
  },
};
