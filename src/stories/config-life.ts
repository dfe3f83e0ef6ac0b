import { allAtWork, claim, endsClean, nobodyWasShot } from "./acts.ts";
import { withDeviceAttributes, withFenceDaemon } from "./cluster-conf.ts";
import { allOn, configOf, isRefused, onAllDisks, works } from "./config-acts.ts";
import type { Stage, Story } from "./stage.ts";

const HERE = "tpve01";
const CONFIG = ["bouncer", "config"];
const STAGE = [...CONFIG, "stage", "-"];

/** The article's procedure: edit a copy, look at it, activate, see it on all nodes; then break every rule. */
export const configLife: Story = {
  name: "config-life",
  claim:
    "A configuration comes into force on all nodes at one instant, and what would hurt is refused before.",
  runsIn: ["demo", "lab"],
  options: { nodes: 3 },
  async play(stage) {
    await allAtWork(stage);
    const base = await stage.readConfig(HERE, "");
    const before = await stage.status(HERE);
    await byTheBook(stage, base);
    await everyRuleBroken(stage);
    await works(stage, "tpve03", [...CONFIG, "rollback", "1"]);
    await allOn(stage, 3);
    await onAllDisks(stage, base.replace('config_version="1"', 'config_version="3"'));
    await works(stage, HERE, [...CONFIG, "history"]);

    claim((await stage.status(HERE)).gateSince === before.gateSince, "storage was held for a configuration");
    await nobodyWasShot(stage);
    await endsClean(stage);
    return { timings: {}, why: [] };
  },
};

async function byTheBook(stage: Stage, base: string): Promise<void> {
  const slower = withFenceDaemon(base, { post_fail_delay: "2" }).trimEnd();
  const raised = `${slower}\n<!-- slower, for the old switch -->\n`.replace(
    'config_version="1"',
    'config_version="2"',
  );
  const edited = stage.configFile(HERE, ".new");
  stage.say(`${HERE}: an editor writes ${edited}: post_fail_delay="2", config_version="2"`);
  await stage.writeConfig(HERE, ".new", raised);
  await works(stage, HERE, [...CONFIG, "validate", edited]);
  await works(stage, HERE, [...CONFIG, "diff", "in-force", edited]);
  await works(stage, HERE, [...CONFIG, "stage"]);
  await works(stage, HERE, [...CONFIG, "status"]);
  await works(stage, HERE, [...CONFIG, "activate", "--comment", "slower, for the old switch"]);
  await allOn(stage, 2);
  const all = await Promise.all(stage.nodes.map((node) => configOf(stage, node)));
  claim(
    new Set(all.map(({ inForce, epoch }) => `${inForce.digest} ${epoch}`)).size === 1,
    "the nodes differ",
  );
  await onAllDisks(stage, raised);
  claim((await stage.readConfig(HERE, ".new")) === "", "cluster.conf.new is still there");
  for (const node of stage.nodes) await works(stage, node, [...CONFIG, "status"]);
}

async function everyRuleBroken(stage: Stage): Promise<void> {
  const now = await stage.readConfig(HERE, "");
  const old = now.replace('config_version="2"', 'config_version="1"');
  stage.say("An old file would undo what was changed since:");
  await isRefused(stage, HERE, STAGE, "CFG_STALE", old);
  stage.say("The name of the cluster, and a member that is missing in it:");
  await isRefused(stage, HERE, STAGE, "CFG_FIXED", now.replace('name="tpve"', 'name="other"'));
  const without = now
    .replace(/<clusternode\b[^>]*name="tpve03"[\s\S]*?<\/clusternode>/, "")
    .replace(/\n\s*<fencedevice\b[^>]*name="tpve03"[^>]*\/>/, "");
  await isRefused(stage, HERE, STAGE, "CFG_FIXED", without);
  stage.say("A file that was cut off:");
  await isRefused(stage, HERE, STAGE, "CFG_INVALID", now.slice(0, now.length / 2));
  stage.say("A device that does not know this login, as the other members find out:");
  await isRefused(stage, HERE, STAGE, "refuses", withDeviceAttributes(now, "tpve02", { login: "nobody" }));
  await isRefused(stage, HERE, [...CONFIG, "activate"], "CFG_REJECTED");
  stage.say("Another administrator, who does not know of that one:");
  await isRefused(stage, "tpve02", STAGE, "CFG_CONFLICT", withFenceDaemon(now, { post_fail_delay: "3" }));
  await works(stage, HERE, [...CONFIG, "discard"]);
  await isRefused(stage, HERE, [...CONFIG, "activate"], "CFG_NOT_STAGED");
  claim(
    (await configOf(stage, "tpve02")).inForce.version === 2,
    "something that was refused came into force",
  );
}
