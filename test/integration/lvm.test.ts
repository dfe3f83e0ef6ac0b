/**
 * Real LVM commands of two pretend hosts on one shared loop device, with bouncerd in the place of
 * LVM's lock daemon. Metadata only: nothing is mapped (`--driverloaded n`), so no device-mapper is needed.
 */
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { promisify } from "node:util";
import { createRig, type Rig } from "./daemon-rig.ts";

const run = promisify(execFile);
const root = process.getuid?.() === 0 && existsSync("/sbin/lvm") && existsSync("/dev/loop-control");
const skip = root ? false : "needs root, lvm2 and loop devices";
const VOLUMES = 4;

interface Host {
  lvm(...args: readonly string[]): Promise<string>;
}

function hostOf(rig: Rig, node: string, device: string): Host {
  const system = join(rig.directory, `lvm-${node}`);
  mkdirSync(system, { recursive: true });
  writeFileSync(
    join(system, "lvm.conf"),
    `devices { filter = [ "a|^${device}$|", "r|.*|" ] use_devicesfile = 0 obtain_device_list_from_udev = 0 }
     global { use_lvmlockd = 1 event_activation = 0 }
     activation { udev_sync = 0 udev_rules = 0 monitoring = 0 }
     backup { backup = 0 archive = 0 }\n`,
  );
  const run_ = runDir(rig, node);
  const env = { ...process.env, LVM_SYSTEM_DIR: system, LVM_SUPPRESS_FD_WARNINGS: "1" };
  return {
    async lvm(...args) {
      const script = `mount --make-rprivate / && mount --bind "$0" /run && exec /sbin/lvm "$@"`;
      const { stdout } = await run("unshare", ["--mount", "sh", "-c", script, run_, ...args], { env });
      return stdout.trim();
    },
  };
}

function runDir(rig: Rig, node: string): string {
  return join(rig.directory, `run-${node}`);
}

async function open(t: TestContext): Promise<{
  rig: Rig;
  hosts: Host[];
  device: string;
  start(node: string): Promise<void>;
  kill(node: string): Promise<void>;
}> {
  const rig = createRig(t);
  const file = join(rig.directory, "lun");
  writeFileSync(file, "");
  truncateSync(file, 128 * 1024 * 1024);
  const device = execFileSync("losetup", ["--find", "--show", file], { encoding: "utf8" }).trim();
  t.after(() => void execFileSync("losetup", ["--detach", device]));
  await rig.openHub();
  const running = new Map<string, ReturnType<Rig["run"]>>();
  async function start(node: string): Promise<void> {
    mkdirSync(runDir(rig, node), { recursive: true });
    const daemon = rig.run([...rig.args(node), "--join", "--lvm", runDir(rig, node)]);
    running.set(node, daemon);
    await daemon.says("storage is released");
  }
  await Promise.all([start("n1"), start("n2")]);
  const hosts = ["n1", "n2"].map((node) => hostOf(rig, node, device));
  return {
    rig,
    hosts,
    device,
    start,
    async kill(node) {
      running.get(node)?.process.kill("SIGKILL");
      await running.get(node)?.ended;
    },
  };
}

test("two hosts change one volume group at once, and every change is true", { skip }, async (t) => {
  const { hosts, device, start, kill } = await open(t);
  const [one, two] = hosts as [Host, Host];
  await one.lvm("vgcreate", "--shared", "vg", device);
  assert.match(
    await one.lvm("vgs", "--noheadings", "-o", "vg_lock_type,vg_lock_args", "vg"),
    /^dlm +1\.0\.0:rig$/,
  );
  await two.lvm("vgchange", "--lockstart", "vg");
  const create = async (host: Host, prefix: string): Promise<void> => {
    for (let i = 0; i < VOLUMES; i++) {
      await host.lvm(
        "lvcreate",
        "--driverloaded",
        "n",
        "-an",
        "-Zn",
        "-Wn",
        "-l1",
        "-n",
        `${prefix}${i}`,
        "vg",
      );
      if (i % 3 === 0)
        await host.lvm("lvrename", "--driverloaded", "n", "vg", `${prefix}${i}`, `${prefix}${i}x`);
      if (i % 4 === 0)
        await host.lvm("lvremove", "--driverloaded", "n", "-y", `vg/${prefix}${i}${i % 3 === 0 ? "x" : ""}`);
    }
  };
  await Promise.all([create(one, "a"), create(two, "b")]);
  const names = (await two.lvm("lvs", "--noheadings", "-o", "lv_name", "vg")).split(/\s+/).sort();
  const expected = ["a", "b"].flatMap((prefix) =>
    Array.from({ length: VOLUMES }, (_, i) => `${prefix}${i}${i % 3 === 0 ? "x" : ""}`).filter(
      (_, i) => i % 4 !== 0,
    ),
  );
  assert.deepEqual(names, expected.sort());
  await one.lvm("vgck", "vg");

  // A volume that one host has for itself, also when its daemon is another one.
  await one.lvm("lvchange", "--driverloaded", "n", "-aey", "vg/a1");
  await assert.rejects(two.lvm("lvchange", "--driverloaded", "n", "-aey", "vg/a1"), /locked by other host/i);
  await assert.rejects(one.lvm("vgchange", "--lockstop", "vg"), /failed|active|busy/i);
  await kill("n1");
  await start("n1");
  await assert.rejects(two.lvm("lvchange", "--driverloaded", "n", "-aey", "vg/a1"), /locked by other host/i);
  await one.lvm("lvchange", "--driverloaded", "n", "-an", "vg/a1");
  await two.lvm("lvchange", "--driverloaded", "n", "-aey", "vg/a1");
});
