/**
 * Passwords that scripts print, read before they are needed: a shot then starts no process. Kept in
 * memory of their own, overwritten when another one takes their place and at the end; the texts that
 * are made of them for a moment are the engine's, and not ours to erase.
 */
import type { Millis } from "../core/ids.ts";
import type { Exec } from "../ports/exec.ts";
import { AGENT_FOLDERS } from "./external/external-agents.ts";
import { PASSWORD_SCRIPT_BUDGET_MS } from "./external/limits.ts";
import { type Password, passwordOf } from "./external/password-script.ts";
import { askPassword } from "./password-source.ts";

/** Scripts whose password is kept; the one that was not read for the longest time goes first. */
export const PASSWORDS_KEPT_MAX = 256;
/** Scripts that run at one time. */
const SCRIPTS_AT_ONCE = 4;

export interface Passwords {
  /** What the script printed last time it worked. Never waits. */
  known(script: string): string | undefined;
  /** The second of two that were valid then, if there were two. Never waits. */
  other(script: string): string | undefined;
  /** Runs it, or joins a run that has begun. When it fails, what was known stays known. */
  read(script: string, budgetMs: Millis): Promise<Password>;
  /** Units: ms since it was read; infinite when it never was. */
  ageMs(script: string): Millis;
  /** Reads all of them that are not known yet, a few at a time; failures are left to whoever needs them. */
  prepare(scripts: readonly string[]): Promise<void>;
  /** Overwrites everything. Nothing is known or read any more. */
  close(): void;
}

interface Kept {
  readonly bytes: Buffer;
  readonly at: Millis;
}

export function createPasswords(exec: Exec, folders: readonly string[] = AGENT_FOLDERS): Passwords {
  const kept = new Map<string, Kept>();
  const reading = new Map<string, Promise<Password>>();
  const closing = new AbortController();

  function keep(script: string, password: string): void {
    forget(script);
    const oldest = kept.keys().next().value;
    if (kept.size >= PASSWORDS_KEPT_MAX && oldest !== undefined) forget(oldest);
    // Not of the pool that Node shares out: nobody else's bytes lie beside them.
    const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(password));
    bytes.write(password);
    kept.set(script, { bytes, at: performance.now() });
  }

  function forget(script: string): void {
    kept.get(script)?.bytes.fill(0);
    kept.delete(script);
  }

  async function run(script: string, budgetMs: Millis): Promise<Password> {
    const password = await askPassword(script, exec, { budgetMs, folders, cancel: closing.signal });
    if (password.ok && !closing.signal.aborted) {
      keep(script, [password.password, password.other ?? []].flat().join("\n"));
    }
    return password;
  }

  function read(script: string, budgetMs: Millis): Promise<Password> {
    const running = reading.get(script);
    if (running !== undefined) return running;
    const mine = run(script, budgetMs).finally(() => reading.delete(script));
    reading.set(script, mine);
    return mine;
  }

  /** As it was read: neither of two holds a line break. */
  function recall(script: string): { readonly password: string; readonly other?: string } | undefined {
    const text = kept.get(script)?.bytes.toString("utf8");
    const read = text === undefined ? undefined : passwordOf(text, script, "holds");
    return read?.ok === true ? read : undefined;
  }

  return {
    known: (script) => recall(script)?.password,
    other: (script) => recall(script)?.other,
    read,
    ageMs(script) {
      const found = kept.get(script);
      return found === undefined ? Number.POSITIVE_INFINITY : performance.now() - found.at;
    },
    async prepare(scripts) {
      const waiting = [...new Set(scripts)].filter((script) => !kept.has(script));
      const worker = async (): Promise<void> => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
          await read(next, PASSWORD_SCRIPT_BUDGET_MS);
        }
      };
      await Promise.all(Array.from({ length: SCRIPTS_AT_ONCE }, worker));
    },
    close() {
      closing.abort();
      for (const script of [...kept.keys()]) forget(script);
    },
  };
}
