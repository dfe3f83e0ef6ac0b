import { basename, join } from "node:path";
import type { Millis } from "../../core/ids.ts";
import type { Exec, ExecResult } from "../../ports/exec.ts";
import type { Guard } from "../../ports/guard.ts";
import { readHookFolder } from "./hook-folder.ts";
import { failureOf, printedLines } from "./hook-result.ts";

/** Units: ms. How long one hook may take, unless configured. */
export const HOOK_BUDGET_MS = 10_000;

/** Units: characters of BOUNCER_BECAUSE. */
const BECAUSE_LENGTH_MAX = 4_096;

export interface HooksGuardOptions {
  /** Folder with `freeze.d`, `thaw.d` and `in-use.d`. */
  readonly folder: string;
  readonly node: string;
  readonly exec: Exec;
  readonly budgetMs?: Millis;
}

/**
 * {@link Guard} made of executables that the administrator puts into folders. See docs/agents.md, "Hooks".
 *
 * Order: all hooks of a freeze are started at once. A thaw begins when a running freeze has come to
 * its end, and runs its hooks one after another. A newer freeze takes back a thaw that has not begun,
 * and kills the hooks of one that has, before its own are started: the last word is always "frozen".
 */
export function createHooksGuard(options: HooksGuardOptions): Guard {
  const budgetMs = options.budgetMs ?? HOOK_BUDGET_MS;
  /** Counts freezes and thaws: an older one finds out that it was overtaken. */
  let newest = 0;
  let epochSeen = 0;
  let becauseSeen: readonly string[] = [];
  let freezing: Promise<readonly string[]> | undefined;
  let thawing: { readonly done: Promise<readonly string[]>; readonly cancel: AbortController } | undefined;
  /** True: the hooks of the last freeze all succeeded, and no thaw has begun since. */
  let held = false;

  async function runHook(file: string, cancel?: AbortSignal): Promise<ExecResult> {
    return options.exec.run({
      file,
      budgetMs,
      env: {
        BOUNCER_NODE: options.node,
        BOUNCER_EPOCH: String(epochSeen),
        BOUNCER_BECAUSE: becauseSeen.join("; ").replaceAll("\0", "").slice(0, BECAUSE_LENGTH_MAX),
      },
      // A thaw that is taken back must be gone before the freeze begins: no time to say goodbye.
      ...(cancel === undefined ? {} : { cancel, graceMs: 0 }),
    });
  }

  async function freezeNow(): Promise<readonly string[]> {
    if (thawing !== undefined) {
      thawing.cancel.abort();
      await thawing.done;
    }
    const { hooks, refused } = await readHookFolder(join(options.folder, "freeze.d"));
    const results = await Promise.all(hooks.map((file) => runHook(file)));
    const failures = hooks.map((file, index) => failureOf(`freeze.d/${basename(file)}`, results[index]));
    const lines = [...refused, ...failures.filter((line) => line !== undefined)];
    held = lines.length === 0;
    return lines;
  }

  async function thawNow(cancel: AbortSignal): Promise<readonly string[]> {
    const { hooks, refused } = await readHookFolder(join(options.folder, "thaw.d"));
    const lines = [...refused];
    for (const file of hooks) {
      if (cancel.aborted) return lines;
      const result = await runHook(file, cancel);
      if (cancel.aborted) return lines;
      const line = failureOf(`thaw.d/${basename(file)}`, result);
      if (line !== undefined) lines.push(line);
    }
    return lines;
  }

  return {
    name: "hooks",
    freeze(because) {
      newest += 1;
      becauseSeen = because;
      // A freeze that runs covers this one: no thaw can have begun since it started.
      if (freezing !== undefined) return freezing;
      if (held) return Promise.resolve([]);
      freezing = freezeNow().finally(() => {
        freezing = undefined;
      });
      return freezing;
    },
    async thaw(epoch) {
      newest += 1;
      const mine = newest;
      // Each wait is bounded: by the time limit of the hooks, and by the number of them.
      await freezing;
      await thawing?.done;
      if (mine !== newest) return []; // Frozen again, or a newer thaw does it.
      epochSeen = epoch;
      held = false;
      const cancel = new AbortController();
      const done = thawNow(cancel.signal);
      thawing = { done, cancel };
      return done.finally(() => {
        if (thawing?.done === done) thawing = undefined;
      });
    },
    async inUse() {
      const { hooks, refused } = await readHookFolder(join(options.folder, "in-use.d"));
      const results = await Promise.all(hooks.map((file) => runHook(file)));
      const lines = refused.map((line) => `in use: cannot tell (${line})`);
      for (const [index, file] of hooks.entries()) {
        const result = results[index];
        const failure = failureOf(`script ${basename(file)}`, result);
        if (failure !== undefined) lines.push(`in use: cannot tell (${failure})`);
        if (result !== undefined) lines.push(...printedLines(result.stdout));
      }
      return lines;
    },
  };
}
