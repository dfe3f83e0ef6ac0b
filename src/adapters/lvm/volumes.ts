/** The lock of one volume: of the command for as long as it runs, or of the host until it is given back. */
import type { Mode } from "../../core/locks/modes.ts";
import type { OwnerProcess } from "../../ports/lock-desk.ts";
import type { Host } from "./host.ts";
import type { LockSet } from "./lock-set.ts";
import { RESULT } from "./message.ts";

export const MODES: Readonly<Record<string, Mode>> = { ex: "EX", sh: "PR" };

export interface VolumeWish {
  readonly lockspace: string;
  readonly uuid: string;
  /** As LVM writes it: ex, sh, un. */
  readonly mode: string;
  readonly owner: string;
  readonly process: OwnerProcess | undefined;
  /** The command is gone: nobody takes what comes now. */
  readonly isGone: () => boolean;
  /** Calls back when the command is gone; answers what takes the callback back. */
  readonly onGone: (callback: () => void) => () => void;
}

export interface VolumeResult {
  readonly result: number;
  readonly flags?: "SH_EXISTS";
}

/** Belongs to the command. The host's own lock covers what it covers. */
export async function lockForCommand(host: Host, own: LockSet, wish: VolumeWish): Promise<VolumeResult> {
  const { lockspace, uuid, owner, process } = wish;
  if (wish.mode === "un") {
    if (!own.has(lockspace, uuid)) return { result: RESULT.notThere };
    await own.drop(lockspace, uuid);
    return { result: RESULT.ok };
  }
  const mode = MODES[wish.mode];
  if (mode === undefined) return { result: RESULT.invalid };
  const ofHost = host.locks.modeOf(lockspace, uuid);
  if (ofHost === "PR" && mode === "EX") return { result: RESULT.exists, flags: "SH_EXISTS" };
  if (ofHost !== undefined || own.modeOf(lockspace, uuid) === mode) return { result: RESULT.ok };
  await own.drop(lockspace, uuid);
  const taken = await own.take({ lockspace, name: uuid, mode, owner, noQueue: true }, process);
  return { result: taken ? RESULT.ok : RESULT.again };
}

/** Belongs to the host, whatever becomes of the command; but not when the command never heard of it. */
export async function lockForHost({ locks }: Host, wish: VolumeWish): Promise<VolumeResult> {
  const { lockspace, uuid, owner } = wish;
  if (wish.mode === "un") {
    if (!locks.has(lockspace, uuid)) return { result: RESULT.notThere };
    await locks.drop(lockspace, uuid);
    return { result: RESULT.ok };
  }
  const mode = MODES[wish.mode];
  if (mode === undefined) return { result: RESULT.invalid };
  await locks.settled(lockspace, uuid);
  const held = locks.modeOf(lockspace, uuid);
  if (held === mode) return { result: RESULT.already };
  if (held !== undefined) {
    const converted = await locks.convert(lockspace, uuid, mode);
    return { result: converted ? RESULT.ok : RESULT.again };
  }
  if (wish.isGone()) return { result: RESULT.again };
  const name = { lockspace, name: uuid, mode, owner } as const;
  const taking = locks.take({ ...name, noQueue: true, persistent: true }, undefined);
  const forget = wish.onGone(() => void locks.drop(lockspace, uuid));
  const taken = await taking;
  forget();
  if (taken && wish.isGone()) await locks.drop(lockspace, uuid);
  return { result: taken ? RESULT.ok : RESULT.again };
}
