/**
 * One LVM command: answers its requests. Every one gets a reply; the only silence is a lock that is waited
 * for, and the gate: a command that could change anything goes on when it is open.
 */

import { isLockName } from "../../core/locks/names.ts";
import type { Host } from "./host.ts";
import { formatInfo } from "./info.ts";
import { createLockSet, type LockSet } from "./lock-set.ts";
import { type Fields, RESULT } from "./message.ts";
import {
  argsOf,
  GLOBAL_LOCK,
  GLOBAL_LOCKSPACE,
  GROUP_LOCK,
  lockspaceOf,
  STARTED,
  volumeOwner,
} from "./names.ts";
import { parseVolumePath } from "./refresh.ts";
import type { LvmClient } from "./server.ts";
import { lockForCommand, lockForHost, MODES } from "./volumes.ts";

/** What `running_lm` calls the lock manager "dlm". */
const LM_DLM = 2;
/** Units: characters. For people, and for `lvmlockctl`, which reads words. */
const COMMAND_CHARS_MAX = 32;

function textOf(request: Fields, key: string): string {
  const value = request[key];
  return typeof value === "string" && value !== "none" ? value : "";
}

export function reply(result: number, more: Fields = {}): Fields {
  const usual = { response: "OK", op: 0, lock_type: "dlm", op_result: result, lm_result: 0 };
  return { ...usual, result_flags: "none", ...more };
}

export function createLvmClient(host: Host, id: number): LvmClient {
  const locks: LockSet = createLockSet(host.desk);
  const entry = { id, pid: 0, name: "lvm", locks };
  let gone = false;
  const whenGone = new Set<() => void>();
  host.clients.add(entry);

  const processNow = () => (entry.pid > 0 ? host.findProcess(entry.pid) : undefined);

  /** Waits for whoever holds it, as long as that takes. */
  async function lockInTurn(request: Fields, lockspace: string, name: string): Promise<number> {
    const word = textOf(request, "mode");
    if (word === "un") {
      if (!locks.has(lockspace, name)) return RESULT.notThere;
      await locks.drop(lockspace, name);
      return RESULT.ok;
    }
    const mode = MODES[word];
    if (mode === undefined) return RESULT.invalid;
    if (locks.modeOf(lockspace, name) === mode) return RESULT.ok;
    await locks.drop(lockspace, name);
    const owner = `${entry.name} (pid ${entry.pid})`;
    return (await locks.take({ lockspace, name, mode, owner }, processNow())) ? RESULT.ok : RESULT.again;
  }

  async function lockVolume(request: Fields, lockspace: string): Promise<Fields> {
    const uuid = textOf(request, "lv_uuid");
    const args = textOf(request, "vg_lock_args");
    if (!isLockName(uuid) || uuid === STARTED || uuid === GROUP_LOCK) return reply(RESULT.invalid);
    if (args !== "" && args !== argsOf(host.cluster())) return reply(RESULT.badArgs);
    const wish = {
      lockspace,
      uuid,
      mode: textOf(request, "mode"),
      owner: volumeOwner(textOf(request, "lv_name") || uuid, `${entry.name} (pid ${entry.pid})`),
      process: processNow(),
      isGone: () => gone,
      onGone: (callback: () => void) => {
        whenGone.add(callback);
        return () => whenGone.delete(callback);
      },
    };
    const persistent = textOf(request, "opts").includes("persistent");
    const { result, flags } = await host.turns.take(`${lockspace}/${uuid}`, () =>
      persistent ? lockForHost(host, wish) : lockForCommand(host, locks, wish),
    );
    return reply(result, flags === undefined ? {} : { result_flags: flags });
  }

  async function refresh(request: Fields, lockspace: string): Promise<Fields> {
    const uuid = textOf(request, "lv_uuid");
    const path = textOf(request, "path");
    if (!isLockName(uuid) || parseVolumePath(path) === undefined) return reply(RESULT.invalid);
    const problems = await host.refresh(lockspace, uuid, path);
    return reply(problems.length === 0 ? RESULT.ok : RESULT.failed);
  }

  async function kill(group: NonNullable<ReturnType<Host["groups"]["get"]>>): Promise<Fields> {
    group.killed = true;
    return reply(RESULT.ok);
  }

  /** The last step after `kill_vg`, when nothing of the group is in use here any more. */
  async function dropGroup(lockspace: string): Promise<Fields> {
    const group = host.groups.get(lockspace);
    if (group?.killed !== true) return reply(group === undefined ? RESULT.notStarted : RESULT.invalid);
    const mapped = await host.mapped(group.name);
    if (mapped === undefined || mapped.length > 0) return reply(RESULT.busy);
    await host.groups.abandon(lockspace);
    return reply(RESULT.ok);
  }

  async function stopAll(): Promise<Fields> {
    let worst: number = RESULT.ok;
    for (const { lockspace } of host.groups.started()) {
      const result = await host.groups.stop(lockspace, locks);
      if (result !== RESULT.ok) worst = result;
    }
    return reply(worst);
  }

  async function answerHost(what: string, request: Fields): Promise<Fields | undefined> {
    switch (what) {
      case "hello":
        return { response: "OK", result: 0, protocol: "lvmlockd", version: 1 };
      case "quit": // It is not for LVM to end the fence domain.
        return { response: "OK", result: RESULT.busy };
      case "info":
      case "dump": {
        const text = formatInfo(host);
        setImmediate(() => host.sendDump(text));
        return { response: "OK", result: 0, dump_len: Buffer.byteLength(text) };
      }
      case "running_lm":
        return reply(LM_DLM);
      case "lock_gl":
        return reply(await lockInTurn(request, GLOBAL_LOCKSPACE, GLOBAL_LOCK));
      case "start_wait":
        await host.groups.settled();
        return reply(RESULT.ok);
      case "stop_all":
        return stopAll();
      case "enable_gl":
      case "disable_gl": // The global lock is nobody's to place: there is one for the cluster.
        return reply(RESULT.notSupported);
      default:
        return undefined;
    }
  }

  async function answerGroup(what: string, request: Fields, lockspace: string): Promise<Fields> {
    const group = host.groups.get(lockspace);
    switch (what) {
      case "init_vg": {
        const taken = group !== undefined || host.othersOf(lockspace, STARTED).length > 0;
        return reply(taken ? RESULT.exists : RESULT.ok, { vg_lock_args: argsOf(host.cluster()) });
      }
      case "init_lv":
        return reply(RESULT.ok, { lv_lock_args: "dlm" });
      case "start_vg":
        return reply(
          host.groups.start(lockspace, textOf(request, "vg_lock_args"), textOf(request, "vg_uuid")),
        );
      case "stop_vg":
      case "free_vg":
        return reply(await host.groups.stop(lockspace, locks));
      case "busy_vg":
      case "rename_vg_before":
        if (host.othersOf(lockspace, STARTED).length > 0) return reply(RESULT.busy);
        if (what === "busy_vg" || group === undefined) return reply(RESULT.ok);
        return reply(await host.groups.stop(lockspace, locks));
      case "free_lv":
      case "find_free_lock":
      case "rename_vg_final":
        return reply(RESULT.ok);
      case "drop_vg":
        return dropGroup(lockspace);
    }
    if (group === undefined) return reply(RESULT.notStarted);
    if (what === "kill_vg") return kill(group);
    if (group.killed) return reply(RESULT.killed);
    switch (what) {
      case "vg_update": // The last word before the metadata is written.
        await host.whenOpen();
        return reply(RESULT.ok);
      case "lock_vg":
        return reply(await lockInTurn(request, lockspace, GROUP_LOCK));
      case "lock_lv":
        return lockVolume(request, lockspace);
      case "refresh_lv":
        return refresh(request, lockspace);
      case "query_lock_lv":
      case "query_lock_vg": {
        const name = what === "query_lock_vg" ? GROUP_LOCK : textOf(request, "lv_uuid");
        const mode = host.locks.modeOf(lockspace, name) ?? locks.modeOf(lockspace, name);
        return reply(RESULT.ok, { mode: mode === "EX" ? "ex" : mode === "PR" ? "sh" : "un" });
      }
      default:
        return reply(RESULT.invalid); // A reply, never silence: the command would wait for ever.
    }
  }

  return {
    async answer(request) {
      const { pid } = request;
      if (typeof pid === "number" && pid > 0) entry.pid = pid;
      const cmd = textOf(request, "cmd");
      if (cmd !== "") entry.name = cmd.replace(/[^\x21-\x7e]+/g, "_").slice(0, COMMAND_CHARS_MAX);
      const what = textOf(request, "request");
      const answer = await answerHost(what, request);
      if (answer !== undefined) return answer;
      // Where the group is not named, the path of its volume names it.
      const name = textOf(request, "vg_name") || (parseVolumePath(textOf(request, "path"))?.group ?? "");
      const lockspace = lockspaceOf(name);
      if (lockspace === undefined) return reply(name.length > 58 ? RESULT.tooLong : RESULT.invalid);
      return answerGroup(what, request, lockspace);
    },
    close() {
      gone = true;
      for (const callback of whenGone) callback();
      host.clients.delete(entry);
      locks.clear();
    },
  };
}
