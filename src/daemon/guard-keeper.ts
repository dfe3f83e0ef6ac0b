/**
 * Drives the guards: passes the core's wishes on as they come, and asks what is in use. A guard puts
 * overlapping wishes in order by itself: a freeze must not wait behind somebody else's thaw.
 */
import type { Guard } from "../ports/guard.ts";

/** Units: ms. How often the guards are asked what is in use. */
export const GUARD_POLL_MS = 5_000;
/** Units: ms. A guard that takes longer counts as in use: unknown is dangerous. */
export const GUARD_ANSWER_MS = 15_000;

type Wish =
  | { readonly type: "freeze"; readonly because: readonly string[] }
  | { readonly type: "thaw"; readonly epoch: number };

export interface GuardKeeper {
  freeze(because: readonly string[]): void;
  thaw(epoch: number): void;
  /** Asks now; tells `onInUse` when the answer differs from the last one. Never rejects. */
  ask(): Promise<readonly string[]>;
  /** The last answer. */
  inUse(): readonly string[];
  /** Failures of the last freeze or thaw, one line each. */
  problems(): readonly string[];
  start(): void;
  close(): void;
}

/** Units: ms. Pause between a freeze and the question what is in use. */
export const GUARD_SETTLE_MS = 200;

export interface GuardKeeperPorts {
  readonly settleMs?: number;
  readonly guards: readonly Guard[];
  readonly onInUse: (inUse: readonly string[]) => void;
  /** A freeze or thaw ended, with what went wrong. */
  readonly onDone: (wish: Wish["type"], problems: readonly string[]) => void;
}

export function createGuardKeeper({
  guards,
  onInUse,
  onDone,
  settleMs = GUARD_SETTLE_MS,
}: GuardKeeperPorts): GuardKeeper {
  let newest = 0;
  let problems: readonly string[] = [];
  let asking: Promise<readonly string[]> | undefined;
  let last: readonly string[] = [];
  let known: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  async function carryOut(wish: Wish): Promise<void> {
    newest++;
    const mine = newest;
    if (wish.type === "freeze") forget();
    const answers = await Promise.all(
      guards.map(async (guard) => {
        try {
          return wish.type === "freeze" ? await guard.freeze(wish.because) : await guard.thaw(wish.epoch);
        } catch (error) {
          return [`${guard.name}: ${(error as Error).message}`];
        }
      }),
    );
    if (mine !== newest) return; // A newer wish has the last word.
    problems = answers.flat();
    onDone(wish.type, problems);
    // Asking starts processes: not in the moment in which the domain needs every processor.
    if (wish.type === "freeze" && settleMs > 0) await new Promise((resolve) => setTimeout(resolve, settleMs));
    if (mine === newest) await ask();
  }

  /**
   * While the gate was open anybody may have begun to use the storage: what was known before a
   * freeze is worth nothing after it, also an answer that is on its way.
   */
  function forget(): void {
    known = undefined;
    asking = undefined;
  }

  async function askAll(): Promise<readonly string[]> {
    const begun = newest;
    const answers = await Promise.all(guards.map(askOne));
    const inUse = answers.flat();
    if (begun !== newest) return inUse; // A freeze or thaw came in between: asked anew after it.
    last = inUse;
    const text = JSON.stringify(inUse);
    if (text !== known && !closed) {
      known = text;
      onInUse(inUse);
    }
    return inUse;
  }

  function ask(): Promise<readonly string[]> {
    if (asking !== undefined) return asking;
    const mine = askAll().finally(() => {
      if (asking === mine) asking = undefined;
    });
    asking = mine;
    return mine;
  }

  function poll(): void {
    timer = setTimeout(() => {
      void ask().finally(() => {
        if (!closed) poll();
      });
    }, GUARD_POLL_MS);
  }

  return {
    freeze: (because) => void carryOut({ type: "freeze", because }),
    thaw: (epoch) => void carryOut({ type: "thaw", epoch }),
    ask,
    inUse: () => last,
    problems: () => problems,
    start: poll,
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}

/** What a guard says is in use; its silence and its failures count as use. */
async function askOne(guard: Guard): Promise<readonly string[]> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<readonly string[]>((resolve) => {
    timer = setTimeout(
      () => resolve([`unknown: the guard "${guard.name}" does not answer`]),
      GUARD_ANSWER_MS,
    );
  });
  try {
    return await Promise.race([guard.inUse(), silence]);
  } catch (error) {
    return [`unknown: the guard "${guard.name}" failed: ${(error as Error).message}`];
  } finally {
    clearTimeout(timer);
  }
}
