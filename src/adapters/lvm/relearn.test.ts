/** Which active volumes are ours to lock, and what becomes of each. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Mode } from "../../core/locks/modes.ts";
import type { ExecRequest, ExecResult } from "../../ports/exec.ts";
import type { LockDesk, LockWish } from "../../ports/lock-desk.ts";
import type { MappedVolume } from "./device-mapper.ts";
import { createLvmHost } from "./host.ts";
import { argsOf } from "./names.ts";
import { type ActiveVolumes, findActive, type KnownGroup, readGroups, relearn } from "./relearn.ts";

const GROUP = "qet3gh-zD0v-XfCB-lme1-pYYd-68sx-Ei9Rbd";
const OURS: KnownGroup = { name: "san0", uuid: GROUP, lockArgs: argsOf("tpve") };

function mapped(volume: string, more: Partial<MappedVolume> = {}): MappedVolume {
  const base = { group: "san0", groupUuid: GROUP, open: 0, suspended: false, device: "253:0" };
  return { ...base, mapped: `san0-${volume}`, volume, uuid: `uuid-${volume}`, ...more };
}

const VG = { vg_name: "san0", vg_uuid: GROUP, vg_lock_type: "dlm", vg_lock_args: "1.0.0:tpve" };

function vgs(stdout: string, more: Partial<ExecResult> = {}, bytesLost = 0) {
  const asked: ExecRequest[] = [];
  const quiet = { head: "", tail: "", bytesLost: 0 };
  const groups = readGroups({
    find: async (name) => ({ file: `/sbin/${name}`, stamp: "" }),
    run: async (request) => {
      asked.push(request);
      const base = { exitCode: 0, timedOut: false, cancelled: false, stderr: quiet, tookMs: 1 };
      return { ...base, stdout: { head: stdout, tail: "", bytesLost }, ...more };
    },
  });
  return { groups, asked };
}

test("the groups of this host, without a lock", async () => {
  const alone = { ...VG, vg_name: "root", vg_uuid: "other", vg_lock_type: "", vg_lock_args: "1.0.0:tpve" };
  const { groups, asked } = vgs(JSON.stringify({ report: [{ vg: [VG, alone] }] }));
  assert.deepEqual(await groups, [OURS, { name: "root", uuid: "other", lockArgs: "" }]);
  assert.equal(asked[0]?.file, "/sbin/lvm");
  assert.ok(asked[0]?.args?.includes("--nolocking"), "it would ask us for a lock, and we are not there yet");
});

test("whatever LVM does not tell plainly is not known", async () => {
  const whole = JSON.stringify({ report: [{ vg: [VG] }] });
  assert.equal(await vgs(whole, { exitCode: 5 }).groups, undefined);
  assert.equal(await vgs(whole, {}, 1).groups, undefined);
  for (const text of ["", "{", "{}", '{"report":[]}', '{"report":[{"vg":[{"vg_name":"san0"}]}]}']) {
    assert.equal(await vgs(text).groups, undefined, text);
  }
  const nowhere = readGroups({ find: async () => undefined, run: () => assert.fail("nothing to run") });
  assert.equal(await nowhere, undefined);
});

function active(volumes: readonly MappedVolume[] | undefined, groups: readonly KnownGroup[] | undefined) {
  const deviceMapper = { volumes: async () => volumes };
  return findActive({ deviceMapper, groups: async () => groups, cluster: "tpve" });
}

test("active are the volumes of this cluster's groups, and of no others", async () => {
  const other = { name: "san0", uuid: "another", lockArgs: argsOf("tpve") };
  const found = await active([mapped("a")], [other, OURS]);
  assert.deepEqual(found, { volumes: [{ ...mapped("a"), lockspace: "lvm_san0", args: "1.0.0:tpve" }] });
  const strange = { ...OURS, lockArgs: argsOf("elsewhere") };
  for (const groups of [[], [other], [strange], [{ ...OURS, lockArgs: "" }]]) {
    assert.deepEqual(await active([mapped("a")], groups), { volumes: [] });
  }
});

test("what cannot be told is a problem, and not: nothing is active", async () => {
  assert.match((await active(undefined, [OURS])).problem ?? "", /device-mapper does not tell/);
  assert.match((await active([mapped("a")], undefined)).problem ?? "", /whose san0-a are/);
  assert.deepEqual(await active([], undefined), { volumes: [] });
});

interface Case {
  readonly volumes?: readonly MappedVolume[];
  /** What is mapped once the lock was asked for. */
  readonly after?: readonly MappedVolume[] | undefined;
  readonly grants: (wish: LockWish) => boolean;
}

/** Answers every wish a turn later. */
function openDesk(grants: Case["grants"]) {
  const wishes: LockWish[] = [];
  const held = new Map<number, { readonly wish: LockWish; readonly onReleased: () => void }>();
  const desk: LockDesk = {
    lock(wish, _process, onEvent) {
      const id = wishes.push(wish);
      setImmediate(() => {
        if (!grants(wish)) return onEvent({ type: "refused", id, why: "busy" });
        held.set(id, { wish, onReleased: () => onEvent({ type: "released", id }) });
        onEvent({ type: "granted", id, mode: wish.mode });
      });
      return id;
    },
    unlock(id) {
      const lock = held.get(id);
      held.delete(id);
      setImmediate(() => lock?.onReleased());
    },
    convert: () => assert.fail("nothing to convert"),
    cancel: () => assert.fail("nothing to cancel"),
    abandon: () => assert.fail("nothing to abandon"),
    adopt: () => undefined,
  };
  return { desk, wishes, held };
}

async function learn({ volumes = [mapped("a")], grants, ...rest }: Case) {
  const { desk, wishes, held } = openDesk(grants);
  const host = createLvmHost({
    desk,
    cluster: () => "tpve",
    othersOf: () => [],
    findProcess: () => undefined,
    held: [],
    whenOpen: async () => {},
    refresh: async () => [],
    mapped: async () => [],
    sendDump: () => {},
  });
  const found: ActiveVolumes = await active(volumes, [OURS]);
  const said: string[] = [];
  const deviceMapper = { volumes: async () => ("after" in rest ? rest.after : volumes) };
  const run = () => relearn({ host, deviceMapper, active: found, say: (line) => void said.push(line) });
  const without = await run();
  const modes = (): readonly (readonly [string, Mode])[] =>
    [...held.values()].map(({ wish }) => [wish.name, wish.mode] as const);
  return { without, said, wishes, modes, run, host };
}

const always = () => true;
const isVolume = ({ name }: LockWish): boolean => name.startsWith("uuid-");

test("a lock that nobody has is had for this host alone again, and its group is started", async () => {
  const { without, said, wishes, modes, host, run } = await learn({ grants: always });
  assert.deepEqual(without, []);
  assert.deepEqual(modes(), [
    ["started", "NL"],
    ["uuid-a", "EX"],
  ]);
  const wish = wishes.find(isVolume);
  assert.deepEqual([wish?.noQueue, wish?.persistent], [true, true]);
  assert.equal(host.groups.get("lvm_san0")?.uuid, GROUP);
  assert.match(
    said.join("\n"),
    /san0 has active volumes here: it is started\n.*san0\/a .* learned again, EX$/,
  );
  await run();
  assert.equal(wishes.filter(isVolume).length, 1, "what is held was asked for again");
});

test("where another node has it too, it is had beside that one", async () => {
  const { without, wishes, modes } = await learn({
    grants: (wish) => !isVolume(wish) || wish.mode === "PR",
  });
  assert.deepEqual(without, []);
  assert.deepEqual(
    wishes.filter(isVolume).map(({ mode }) => mode),
    ["EX", "PR"],
  );
  assert.deepEqual(modes()[1], ["uuid-a", "PR"]);
});

test("what another node has for itself alone is told, and taken from nobody", async () => {
  const volumes = [mapped("a"), mapped("b")];
  const { without, modes } = await learn({ volumes, grants: ({ name }) => name !== "uuid-a" });
  const problem = "volume san0/a is active here without a lock: another node has it";
  assert.deepEqual(without, [{ uuid: "uuid-a", problem }]);
  assert.deepEqual(modes().slice(1), [["uuid-b", "EX"]]);
});

test("what was deactivated meanwhile keeps no lock, and is no problem", async () => {
  const given = await learn({ after: [mapped("b")], grants: always });
  assert.deepEqual([given.without, given.modes()], [[], [["started", "NL"]]]);
  const refused = await learn({ after: [], grants: (wish) => !isVolume(wish) });
  assert.deepEqual(refused.without, []);
});

test("a lock stays where nobody can tell whether the volume is still active", async () => {
  const { without, modes } = await learn({ after: undefined, grants: always });
  assert.deepEqual([without, modes().length], [[], 2]);
});
