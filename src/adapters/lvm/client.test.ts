/** One host's answers, with locks that are granted when the test says so. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Mode } from "../../core/locks/modes.ts";
import type { LockEvent } from "../../core/locks/types.ts";
import type { LockDesk } from "../../ports/lock-desk.ts";
import { createLvmClient } from "./client.ts";
import { createLvmHost } from "./host.ts";
import type { Fields } from "./message.ts";

interface Options {
  /** Wishes wait until `grant`. */
  readonly slow?: true;
  readonly others?: readonly string[];
  readonly closed?: true;
  readonly problems?: readonly string[];
  readonly mapped?: readonly string[];
}

function open({ slow, others = [], closed, problems = [], mapped = [] }: Options = {}) {
  const wishes = new Map<
    number,
    { mode: Mode; name: string; onEvent: (event: LockEvent) => void; held: boolean }
  >();
  let ids = 0;
  let letGo = (): void => {};
  const grant = (id: number): void => {
    const wish = wishes.get(id);
    if (wish === undefined) return;
    wish.held = true;
    wish.onEvent({ type: "granted", id, mode: wish.mode });
  };
  const desk: LockDesk = {
    lock({ mode, name }, _process, onEvent) {
      const id = ++ids;
      wishes.set(id, { mode, name, onEvent, held: false });
      if (slow !== true) setImmediate(() => grant(id));
      return id;
    },
    convert: (id, mode) => setImmediate(() => wishes.get(id)?.onEvent({ type: "granted", id, mode })),
    unlock(id) {
      const wish = wishes.get(id);
      wishes.delete(id);
      setImmediate(() => wish?.onEvent({ type: "released", id }));
    },
    cancel: () => {},
    adopt: () => undefined,
    abandon: () => {},
  };
  const host = createLvmHost({
    desk,
    cluster: () => "tpve",
    othersOf: () => others,
    findProcess: () => undefined,
    held: [],
    whenOpen: () => (closed === true ? new Promise((resolve) => (letGo = resolve)) : Promise.resolve()),
    refresh: async () => problems,
    mapped: async () => mapped,
    sendDump: () => {},
  });
  const client = createLvmClient(host, 1);
  const ask = async (request: string, more: Fields = {}) => {
    const reply = await client.answer({ request, vg_name: "san0", pid: 7, cmd: "lvchange", ...more });
    return reply["op_result"] ?? reply["result"];
  };
  const names = () => [...wishes.values()].map(({ name }) => name);
  return { ask, client, host, names, grantAll: () => [...wishes.keys()].map(grant), letGo: () => letGo() };
}

const EX = { mode: "ex", opts: "persistent", lv_uuid: "a-b", lv_name: "vm-1" };
const settle = () => new Promise((resolve) => setImmediate(resolve));

test("what is unknown, or comes before its time, has a reply", async () => {
  const { ask } = open();
  assert.equal(await ask("juggle"), -210);
  assert.equal(await ask("lock_vg", { mode: "ex" }), -210);
  assert.equal(await ask("lock_lv", EX), -210);
  assert.equal(await ask("", { vg_name: "none" }), -22);
  assert.equal(await ask("lock_vg", { vg_name: "v".repeat(100) }), -90);
  assert.equal(await ask("start_vg"), 0);
  assert.equal(await ask("juggle"), -22);
  assert.equal(await ask("lock_vg", { mode: "sideways" }), -22);
  assert.equal(await ask("lock_vg", { mode: "un" }), -2);
  assert.equal(await ask("lock_lv", { mode: "ex" }), -22);
  assert.equal(await ask("lock_lv", { ...EX, mode: "un" }), -2);
  assert.equal(await ask("start_vg"), -17);
  assert.equal(await ask("quit"), -16);
  assert.equal(await ask("enable_gl"), -95);
});

test("a group of another cluster, and another group of this name, are refused", async () => {
  const mine = "qet3gh-zD0v-XfCB-lme1-pYYd-68sx-Ei9Rbd";
  const { ask } = open({ others: [`VG ${mine}`] });
  assert.equal(await ask("start_vg", { vg_lock_args: "1.0.0:other", vg_uuid: mine }), -212);
  assert.equal(await ask("start_vg", { vg_lock_args: "1.0.0:tpve", vg_uuid: mine.replace("q", "r") }), -212);
  assert.equal(await ask("init_vg"), -17);
  assert.equal(await ask("start_vg", { vg_lock_args: "1.0.0:tpve", vg_uuid: mine }), 0);
  assert.equal(await ask("lock_lv", { ...EX, vg_lock_args: "1.0.0:other" }), -212);
  assert.equal(await ask("busy_vg"), -16);
});

test("a volume's lock belongs to the host: again, beside it, shared to exclusive", async () => {
  const { ask, client, names } = open();
  await ask("start_vg");
  assert.equal(await ask("lock_lv", { ...EX, mode: "sh" }), 0);
  assert.equal(await ask("lock_lv", { ...EX, opts: "none" }), -17);
  assert.equal(await ask("lock_lv", EX), 0);
  assert.equal(await ask("lock_lv", EX), -114);
  assert.equal(await ask("lock_lv", { ...EX, opts: "none" }), 0);
  assert.equal(await ask("stop_vg"), -16);
  client.close();
  assert.deepEqual(names(), ["started", "a-b"]);
});

test("a command that is gone before its volume is granted leaves nothing behind", async () => {
  const { ask, client, grantAll, names } = open({ slow: true });
  await ask("start_vg");
  const answer = ask("lock_lv", EX);
  await settle();
  assert.deepEqual(names(), ["started", "a-b"]);
  client.close();
  assert.equal(await answer, -11);
  grantAll();
  assert.deepEqual(names(), ["started"]);
});

test("metadata is not written while storage is held", async () => {
  const { ask, letGo } = open({ closed: true });
  await ask("start_vg");
  let answered = false;
  const answer = ask("vg_update", { version: 3 }).finally(() => {
    answered = true;
  });
  await settle();
  assert.equal(answered, false);
  letGo();
  assert.equal(await answer, 0);
});

test("a volume has its new size everywhere, or the command hears of it", async () => {
  const refresh = { vg_name: "none", lv_uuid: "a-b", path: "/dev//san0/vm-1" };
  for (const [problems, result] of [[[], 0] as const, [["tpve02 did not answer"], -5] as const]) {
    const { ask } = open({ problems });
    await ask("start_vg");
    assert.equal(await ask("refresh_lv", refresh), result);
    assert.equal(await ask("refresh_lv", { ...refresh, path: "/dev//san0/../x" }), -22);
  }
});

test("a group that was given up grants nothing, and goes when nothing of it is active", async () => {
  const busy = open({ mapped: ["vm-1"] });
  await busy.ask("start_vg");
  assert.equal(await busy.ask("drop_vg"), -22);
  assert.equal(await busy.ask("kill_vg"), 0);
  assert.equal(await busy.ask("lock_vg", { mode: "sh" }), -217);
  assert.equal(await busy.ask("drop_vg"), -16);
  const idle = open();
  await idle.ask("start_vg");
  await idle.ask("kill_vg");
  assert.equal(await idle.ask("drop_vg"), 0);
  await settle();
  assert.deepEqual(idle.names(), []);
});
