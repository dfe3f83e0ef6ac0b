import { allOpen, claim, endsClean, nobodyWasShot, PATIENCE_MS, succeed } from "../acts.ts";
import type { Stage, Story } from "../stage.ts";
import { createVolume, GROUP, startGroup } from "./group.ts";

const HOST = "tpve02";
const OTHER = "tpve01";
const PARTNER = "tpve03";
/** The lab's word for what is mapped on a node: see src/lab/sh/dmsetup.sh. */
const MAPPED = "/run/dm";
const HELD = "/run/bouncer/bouncerd-locks.sock.held";
/** Of a command that holds the group's lock for as long as nobody answers its question. */
const ASKING_PID = "/run/asking.pid";

async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  while (!(await holds())) if (Date.now() > giveUpAt) throw new Error(`waited in vain: ${what}`);
}

async function restart(stage: Stage, host: string, meanwhile: readonly string[] = ["true"]): Promise<void> {
  await stage.killDaemon(host);
  await succeed(stage, host, meanwhile);
  await stage.startDaemon(host);
  await allOpen(stage);
}

function locksOf(stage: Stage): Promise<string> {
  return succeed(stage, OTHER, ["bouncer", "locks", `lvm_${GROUP}`]).then(({ stdout }) => stdout);
}

/** Writes down that the host has the volume mapped. */
async function map(stage: Stage, host: string, volume: string): Promise<void> {
  const list = ["lvs", "--noheadings", "-o", "vg_uuid,lv_uuid", `${GROUP}/${volume}`];
  const { stdout } = await succeed(stage, host, list);
  const uuid = `LVM-${stdout.replace(/[\s-]/g, "")}`;
  const name = `${GROUP}-${volume.replaceAll("-", "--")}`;
  await succeed(stage, host, [
    "sh",
    "-c",
    `mkdir -p ${MAPPED}; echo ${uuid} 1 Active 253:7 >${MAPPED}/${name}`,
  ]);
}

/** Persistent locks come from the record, and without it from what is mapped. */
async function volumesAreLearned(stage: Stage): Promise<void> {
  await createVolume(stage, HOST, "vm-1", "-aey");
  await createVolume(stage, HOST, "vm-2", "-asy");
  await succeed(stage, PARTNER, ["lvchange", "-asy", `${GROUP}/vm-2`]);
  await succeed(stage, HOST, ["lvextend", "-qq", "-l+1", "--lockopt", "shupdate", `${GROUP}/vm-2`]);
  await map(stage, HOST, "vm-1");
  await map(stage, HOST, "vm-2");
  await restart(stage, HOST);
  claim(/EX +tpve02 +vm-1 by lvcreate/.test(await locksOf(stage)), "the record of what is held was not read");

  await restart(stage, HOST, ["rm", HELD]);
  await until(
    async () => /EX +tpve02 +vm-1 by an activation/.test(await locksOf(stage)),
    "the lock of vm-1 is learned from device-mapper",
  );
  await until(
    async () => /PR +tpve02 +vm-2 by an activation/.test(await locksOf(stage)),
    "the shared lock of vm-2 is learned from device-mapper",
  );
  const refused = await stage.run(OTHER, ["lvchange", "-aey", `${GROUP}/vm-1`]);
  claim(/locked by other host/i.test(refused.stderr), `vm-1 was given to another host: ${refused.stderr}`);
  const left = await stage.run(HOST, ["bouncer", "leave"]);
  claim(
    left.code !== 0 && left.stderr.includes(`${GROUP}/vm-1`),
    `it may leave with a volume: ${left.stderr}`,
  );
  const info = await succeed(stage, HOST, ["timeout", "20", "lvmlockctl", "--info"]);
  claim(
    /^VG san0 lock_type=dlm \S{38}$/m.test(info.stdout),
    `lvmlockctl does not show the group: ${info.stdout}`,
  );
  claim(/^LK LV ex \S{38}$/m.test(info.stdout), `lvmlockctl does not show the volume: ${info.stdout}`);
  const status = await succeed(stage, HOST, ["bouncer", "lvm", "status"]);
  claim(/vm-1 +EX +tpve02/.test(status.stdout), `bouncer lvm status does not show vm-1: ${status.stdout}`);
}

/** A command goes on when its daemon is gone: the group's lock is its own until it has ended. */
async function groupStaysLocked(stage: Stage): Promise<void> {
  const ask = `echo $$ >${ASKING_PID}; exec vgremove ${GROUP} < <(exec sleep 600 2>/dev/null)`;
  const asking = stage.run(HOST, ["bash", "-c", ask]);
  await until(
    async () => /EX +tpve02 +vgremove/.test(await locksOf(stage)),
    "vgremove holds the group's lock",
  );
  await restart(stage, HOST);
  let read = false;
  const reading = stage.run(OTHER, ["vgs", "--noheadings", GROUP]).finally(() => {
    read = true;
  });
  await until(
    async () => /waits for PR +tpve01 +vgs/.test(await locksOf(stage)),
    "vgs waits for the group's lock",
  );
  claim(/EX +tpve02 +vgremove/.test(await locksOf(stage)), "the lock of a running command was given back");
  claim(!read, "the group was read while a command of a dead daemon may be changing it");
  await succeed(stage, HOST, ["sh", "-c", `kill -KILL $(cat ${ASKING_PID})`]);
  await asking;
  claim((await reading).code === 0, "the group's lock stayed when its command had ended");
}

export const lvmDaemonRestart: Story = {
  name: "lvm-daemon-restart",
  claim: "A daemon that starts anew knows the locks of its volumes, and of commands that still run.",
  runsIn: ["lab"],
  options: { nodes: 3, lvm: "bouncerd" },
  async play(stage) {
    await startGroup(stage);
    await volumesAreLearned(stage);
    await groupStaysLocked(stage);
    await succeed(stage, HOST, ["rm", "-r", MAPPED]);
    await nobodyWasShot(stage);
    await endsClean(stage);
    return { timings: {}, why: [] };
  },
};
