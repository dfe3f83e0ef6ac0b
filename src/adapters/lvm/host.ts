/**
 * The lock daemon's rules of LVM on our locks: what one host may answer its commands. A command is
 * held back during a freeze by not answering it: a grant is the only thing that it waits for.
 * Source: lvmlockd(8), and what the real daemon answers.
 */
import type { Mode } from "../../core/locks/modes.ts";
import { isLockName, isLockspace } from "../../core/locks/names.ts";
import type { LockClaim, LockEvent } from "../../core/locks/types.ts";
import type { LockDesk, OwnerProcess } from "../../ports/lock-desk.ts";
import { type Fields, RESULT } from "./message.ts";

const GLOBAL = "lvm_global";
const GLOBAL_LOCK = "GLLK";
const GROUP_LOCK = "VGLK";
/** Held in NL by every host that has the volume group started. */
const STARTED = "started";
/** What LVM calls the lock manager "dlm" in `running_lm`. */
const LM_DLM = 2;

export interface LvmHostPorts {
  readonly desk: LockDesk;
  readonly cluster: () => string;
  /** Does another node hold a lock on this? */
  readonly othersHold: (lockspace: string, name: string) => boolean;
  readonly findProcess: (pid: number) => OwnerProcess | undefined;
  /** Persistent locks of this host from before this start. */
  readonly held: readonly LockClaim[];
}

interface Held {
  id: number;
  mode: Mode | undefined;
  onEvent: (event: LockEvent) => void;
}

export interface LvmClient {
  answer(request: Fields): Promise<Fields>;
  close(): void;
}

const MODES: Readonly<Record<string, Mode>> = { ex: "EX", sh: "PR" };

function textOf(request: Fields, key: string): string {
  const value = request[key];
  return typeof value === "string" && value !== "none" ? value : "";
}

export function createLvmHost({ desk, cluster, othersHold, findProcess, held }: LvmHostPorts): {
  connect(): LvmClient;
} {
  /** Locks of the host, by lockspace and name. */
  const ofHost = new Map<string, Held>();
  const keyOf = (lockspace: string, name: string): string => `${lockspace}/${name}`;
  for (const { lockspace, name, persistent } of held) {
    if (persistent !== true || !lockspace.startsWith("lvm_")) continue;
    const key = keyOf(lockspace, name);
    const lock: Held = { id: 0, mode: undefined, onEvent: () => {} };
    const found = desk.adopt(lockspace, name, (event) => lock.onEvent(event));
    if (found !== undefined) ofHost.set(key, Object.assign(lock, found));
  }

  function watch(into: Map<string, Held>, key: string, id: number, mode: Mode | undefined): Held {
    const lock: Held = { id, mode, onEvent: () => {} };
    into.set(key, lock);
    return lock;
  }

  /** Resolves with what became of it: what it holds, or undefined when it was refused. */
  function take(
    into: Map<string, Held>,
    wish: {
      readonly lockspace: string;
      readonly name: string;
      readonly mode: Mode;
      readonly noQueue?: true;
      readonly persistent?: true;
    },
    owner: string,
    process: OwnerProcess | undefined,
  ): Promise<boolean> {
    const key = keyOf(wish.lockspace, wish.name);
    return new Promise((resolve) => {
      const id = desk.lock({ ...wish, owner }, wish.persistent === true ? undefined : process, (event) =>
        lock.onEvent(event),
      );
      const lock = watch(into, key, id, undefined);
      lock.onEvent = (event) => {
        if (event.type === "granted") lock.mode = event.mode;
        if (event.type === "granted") resolve(true);
        else if (event.type === "refused" || event.type === "released") {
          if (into.get(key) === lock && lock.mode === undefined) into.delete(key);
          resolve(false);
        }
      };
    });
  }

  function convert(lock: Held, mode: Mode): Promise<boolean> {
    return new Promise((resolve) => {
      const before = lock.onEvent;
      lock.onEvent = (event) => {
        if (event.type !== "granted" && event.type !== "refused") return before(event);
        lock.onEvent = before;
        if (event.type === "granted") lock.mode = event.mode;
        resolve(event.type === "granted");
      };
      desk.convert(lock.id, mode, { noQueue: true });
    });
  }

  /** Resolves when it is delivered: then whoever comes next finds it free. */
  function drop(from: Map<string, Held>, key: string): Promise<void> {
    const lock = from.get(key);
    if (lock === undefined) return Promise.resolve();
    from.delete(key);
    return new Promise((resolve) => {
      lock.onEvent = (event) => {
        if (event.type === "released") resolve();
      };
      desk.unlock(lock.id);
    });
  }

  function connect(): LvmClient {
    const mine = new Map<string, Held>();
    let command = "lvm";

    async function lock(request: Fields, lockspace: string, name: string): Promise<number> {
      const mode = textOf(request, "mode");
      const key = keyOf(lockspace, name);
      if (mode === "un") {
        if (!mine.has(key)) return RESULT.notThere;
        await drop(mine, key);
        return RESULT.ok;
      }
      const wanted = MODES[mode];
      if (wanted === undefined) return RESULT.invalid;
      const present = mine.get(key);
      if (present?.mode === wanted) return RESULT.ok;
      if (present !== undefined) await drop(mine, key);
      const wish = { lockspace, name, mode: wanted };
      return (await take(mine, wish, command, processOf(request))) ? RESULT.ok : RESULT.again;
    }

    function processOf(request: Fields): OwnerProcess | undefined {
      return typeof request["pid"] === "number" ? findProcess(request["pid"]) : undefined;
    }

    async function lockVolume(request: Fields, lockspace: string, name: string): Promise<Fields> {
      const key = keyOf(lockspace, name);
      const mode = textOf(request, "mode");
      const ofThisHost = ofHost.get(key);
      if (!textOf(request, "opts").includes("persistent")) {
        const wanted = MODES[mode];
        if (mode !== "un" && ofThisHost?.mode === "EX") return reply(RESULT.ok);
        if (wanted === "EX" && ofThisHost?.mode === "PR")
          return { ...reply(RESULT.exists), result_flags: "SH_EXISTS" };
        if (mode !== "un" && ofThisHost !== undefined) return reply(RESULT.ok);
        if (mode === "un" || wanted === undefined) return reply(await lock(request, lockspace, name));
        if (mine.get(key)?.mode === wanted) return reply(RESULT.ok);
        const wish = { lockspace, name, mode: wanted, noQueue: true } as const;
        return reply((await take(mine, wish, command, processOf(request))) ? RESULT.ok : RESULT.again);
      }
      if (mode === "un") {
        if (ofThisHost === undefined) return reply(RESULT.notThere);
        await drop(ofHost, key);
        return reply(RESULT.ok);
      }
      const wanted = MODES[mode];
      if (wanted === undefined) return reply(RESULT.invalid);
      if (ofThisHost?.mode === wanted) return reply(RESULT.already);
      if (ofThisHost !== undefined)
        return reply((await convert(ofThisHost, wanted)) ? RESULT.ok : RESULT.again);
      const wish = { lockspace, name, mode: wanted, noQueue: true, persistent: true } as const;
      return reply((await take(ofHost, wish, "this host", undefined)) ? RESULT.ok : RESULT.again);
    }

    async function start(lockspace: string, args: string): Promise<number> {
      if (args !== "" && args !== argsOf(cluster())) return RESULT.badArgs;
      if (ofHost.has(keyOf(lockspace, STARTED))) return RESULT.exists;
      void take(ofHost, { lockspace, name: STARTED, mode: "NL", persistent: true }, "this host", undefined);
      return RESULT.ok;
    }

    async function stop(lockspace: string): Promise<number> {
      const key = keyOf(lockspace, STARTED);
      if (!ofHost.has(key)) return RESULT.notStarted;
      const busy = [...ofHost.keys()].some((one) => one.startsWith(`${lockspace}/`) && one !== key);
      if (busy) return RESULT.busy;
      await drop(mine, keyOf(lockspace, GROUP_LOCK));
      await drop(ofHost, key);
      return RESULT.ok;
    }

    async function answer(request: Fields): Promise<Fields> {
      const what = textOf(request, "request");
      const pid = typeof request["pid"] === "number" ? ` (pid ${request["pid"]})` : "";
      command = `${textOf(request, "cmd") || "lvm"}${pid}`.slice(0, 64);
      if (what === "hello") return { response: "OK", result: 0, protocol: "lvmlockd", version: 1 };
      if (what === "running_lm") return reply(LM_DLM);
      if (what === "lock_gl") return reply(await lock(request, GLOBAL, GLOBAL_LOCK));
      if (what === "start_wait") {
        for (const [key, one] of ofHost) if (key.endsWith(`/${STARTED}`)) await granted(one);
        return reply(RESULT.ok);
      }
      if (what === "quit") return { response: "OK", result: RESULT.busy };
      if (what === "info" || what === "dump") return { response: "OK", result: 0, dump_len: 0 };
      const vg = textOf(request, "vg_name");
      const lockspace = `lvm_${vg}`;
      if (vg === "" || !isLockspace(lockspace)) return reply(vg === "" ? RESULT.invalid : RESULT.tooLong);
      return answerGroup(what, request, lockspace);
    }

    async function answerGroup(what: string, request: Fields, lockspace: string): Promise<Fields> {
      const started = ofHost.has(keyOf(lockspace, STARTED));
      switch (what) {
        case "init_vg":
          return { ...reply(RESULT.ok), vg_lock_args: argsOf(cluster()) };
        case "init_lv":
          return { ...reply(RESULT.ok), lv_lock_args: "dlm" };
        case "start_vg":
          return reply(await start(lockspace, textOf(request, "vg_lock_args")));
        case "stop_vg":
        case "free_vg":
          return reply(await stop(lockspace));
        case "busy_vg":
        case "rename_vg_before": {
          if (othersHold(lockspace, STARTED)) return reply(RESULT.busy);
          return reply(what === "busy_vg" || !started ? RESULT.ok : await stop(lockspace));
        }
        case "free_lv":
        case "find_free_lock":
        case "rename_vg_final":
          return reply(RESULT.ok);
      }
      if (!started) return reply(RESULT.notStarted);
      if (what === "vg_update") return reply(RESULT.ok);
      if (what === "lock_vg") return reply(await lock(request, lockspace, GROUP_LOCK));
      const uuid = textOf(request, "lv_uuid");
      if (!isLockName(uuid)) return reply(RESULT.invalid);
      if (what === "lock_lv") return lockVolume(request, lockspace, uuid);
      if (what === "query_lock_lv") {
        const mode = ofHost.get(keyOf(lockspace, uuid))?.mode;
        return { ...reply(RESULT.ok), mode: mode === "EX" ? "ex" : mode === "PR" ? "sh" : "un" };
      }
      return reply(RESULT.invalid); // A reply, never silence: the command would wait for ever.
    }

    return {
      answer,
      close() {
        for (const { id } of mine.values()) desk.unlock(id);
        mine.clear();
      },
    };
  }

  function granted(lock: Held): Promise<void> {
    if (lock.mode !== undefined) return Promise.resolve();
    return new Promise((resolve) => {
      const before = lock.onEvent;
      lock.onEvent = (event) => {
        before(event);
        if (event.type === "granted" || event.type === "refused") resolve();
      };
    });
  }

  return { connect };
}

function argsOf(cluster: string): string {
  return `1.0.0:${cluster}`;
}

function reply(result: number): Fields {
  return { response: "OK", op: 0, lock_type: "dlm", op_result: result, lm_result: 0, result_flags: "none" };
}
