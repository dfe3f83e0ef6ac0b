import type { Millis } from "../../core/ids.ts";
import type { CancelSignal, Exec } from "../../ports/exec.ts";
import { PASSWORD_LENGTH_MAX, PASSWORD_SCRIPT_BUDGET_MS } from "./limits.ts";

export type Password =
  | { readonly ok: true; readonly password: string }
  | { readonly ok: false; readonly result: "failed" | "timeout"; readonly problem: string };

/**
 * Asks a passwd_script for the password. Nothing that it prints gets into a message, also not when
 * it fails: what it prints then may be the password all the same.
 */
export async function askPasswordScript(
  script: string,
  exec: Exec,
  limits: { readonly budgetMs: Millis; readonly folders: readonly string[]; readonly cancel: CancelSignal },
): Promise<Password> {
  // Only its path is ever shown: its arguments may be worth keeping to ourselves.
  const [name = "", ...args] = script.trim().split(/\s+/);
  const fail = (why: string, result: "failed" | "timeout" = "failed"): Password => ({
    ok: false,
    result,
    problem: `passwd_script ${name} ${why}`,
  });
  if (/[|&;<>()$`"'*?[\]{}~\\\r\n\0]/.test(script)) {
    return fail("is a shell expression: put it into a file of its own and name that");
  }
  const executable = await exec.find(name, limits.folders);
  if (executable === undefined) return fail("does not exist here or may not be executed");
  const result = await exec.run({
    file: executable.file,
    args,
    budgetMs: Math.min(limits.budgetMs, PASSWORD_SCRIPT_BUDGET_MS),
    cancel: limits.cancel,
  });
  if (result.problem !== undefined) return fail(`failed: ${result.problem}`);
  if (result.timedOut) return fail("did not end in time", "timeout");
  if (result.cancelled) return fail("was ended by us: no longer needed");
  if (result.signal !== undefined) return fail(`was ended by ${result.signal}`);
  if (result.exitCode !== 0) return fail(`ended with exit code ${result.exitCode}`);
  const password = result.stdout.head.trimEnd();
  if (password === "") return fail("printed nothing");
  if (/[\r\n]/.test(password)) return fail("printed more than one line");
  if (password.length > PASSWORD_LENGTH_MAX || result.stdout.bytesLost > 0) {
    return fail(`printed more than ${PASSWORD_LENGTH_MAX} characters`);
  }
  return { ok: true, password };
}
