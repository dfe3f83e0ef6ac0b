import {
  certificateOf,
  claim,
  endsClean,
  heldFor,
  historyOf,
  LONG_PATIENCE_MS,
  opened,
  PATIENCE_MS,
  succeed,
  timingsOf,
  whyHeld,
} from "../acts.ts";
import type { Story } from "../stage.ts";
import { complaints, createVolume, GROUP, startGroup } from "./group.ts";

const VOLUME = `${GROUP}/vm-101-disk-0`;
const VICTIM = "tpve02";
const SURVIVOR = "tpve01";

export const lvmFence: Story = {
  name: "lvm-fence",
  claim:
    "Whoever wants a volume of a lost host waits without a word until that host is proven off, then has it.",
  runsIn: ["lab"],
  options: { nodes: 3, lvm: "bouncerd" },
  async play(stage) {
    await startGroup(stage);
    await createVolume(stage, VICTIM, "vm-101-disk-0", "-aey");
    const refused = await stage.run(SURVIVOR, ["lvchange", "-aey", VOLUME]);
    claim(
      refused.code !== 0 && /locked by other host/i.test(refused.stderr),
      `the volume of ${VICTIM} was not refused to ${SURVIVOR}: ${refused.stderr}`,
    );

    // Its device does not do what it is told, until everybody has looked around.
    await stage.deviceFault(VICTIM, { type: "fails" });
    const faultAt = Date.now();
    await stage.cut(VICTIM);
    const held = await heldFor(stage, [SURVIVOR, "tpve03"], VICTIM);
    let answeredAt: number | undefined;
    const activating = stage.run(SURVIVOR, ["lvchange", "-aey", VOLUME]).finally(() => {
      answeredAt = Date.now();
    });
    await until(async () => {
      const { stdout } = await succeed(stage, SURVIVOR, ["bouncer", "locks", `lvm_${GROUP}`]);
      return /storage is held/.test(stdout);
    }, "bouncer locks tells what the command waits for");
    const why = await whyHeld(stage, SURVIVOR, VICTIM);
    claim(
      oneLine(why).includes(`${GROUP}/vm-101-disk-0`),
      "bouncer why does not name the volume of the lost host",
    );
    const volumes = await succeed(stage, SURVIVOR, ["bouncer", "lvm", "status"]);
    claim(/waits +tpve01, lvchange/.test(volumes.stdout), `nobody is said to wait: ${volumes.stdout}`);
    claim(answeredAt === undefined, "LVM had an answer although nobody knows whether the host is off");
    await stage.deviceFault(VICTIM, { type: "none" });

    const result = await activating;
    claim(result.code === 0, `lvchange on ${SURVIVOR} exited with ${result.code}: ${result.stderr}`);
    claim(complaints(result).length === 0, `it did not wait silently: ${complaints(result).join("; ")}`);
    const open = await opened(stage, SURVIVOR);
    const incident = await certificateOf(stage, SURVIVOR, VICTIM);
    const proof = Math.max(...incident.evidence.map((item) => item.at));
    claim((answeredAt ?? 0) >= proof, "LVM had the volume before the proof");
    stage.say(`lvchange went on ${(answeredAt ?? 0) - Math.round(proof)} ms after the last proof`);
    const { stdout } = await succeed(stage, SURVIVOR, ["bouncer", "locks", `lvm_${GROUP}`]);
    claim(/EX +tpve01/.test(stdout) && !/EX +tpve02/.test(stdout), `another one has the volume: ${stdout}`);
    claim((await historyOf(stage, SURVIVOR)).length === 1, "there was more than one incident");

    await stage.healAll();
    await stage.until(SURVIVOR, `${VICTIM} is back`, (now) => now.domain.memberCount === 3, LONG_PATIENCE_MS);
    await endsClean(stage);
    return { timings: timingsOf(faultAt, held, incident, open), why };
  },
};

function oneLine(lines: readonly string[]): string {
  return lines.join(" ").replace(/\s+/g, " ");
}

/** Nothing tells that a process has asked: it is looked for. */
async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  while (!(await holds())) if (Date.now() > giveUpAt) throw new Error(`waited in vain: ${what}`);
}
