import type { Millis } from "../../core/ids.ts";
import type { CancelSignal, Exec } from "../../ports/exec.ts";
import { PASSWORD_LENGTH_MAX, PASSWORD_SCRIPT_BUDGET_MS } from "./limits.ts";

export type Password =
  | {
      readonly ok: true;
      readonly password: string;
      /** Also valid, or will be: while the password is being changed. */
      readonly other?: string;
    }
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
  if (result.stdout.bytesLost > 0) return fail(`printed more than ${PASSWORD_LENGTH_MAX} characters`);
  return passwordOf(result.stdout.head, `passwd_script ${name}`, "printed");
}

/** One line, or two while the password is being changed. Nothing of the text is in a message. */
export function passwordOf(text: string, name: string, verb: "printed" | "holds"): Password {
  const fail = (why: string): Password => ({
    ok: false,
    result: "failed",
    problem: `${name} ${verb} ${why}`,
  });
  const [password = "", other, ...rest] = text.trimEnd().split(/\r?\n|\r/);
  if (password === "") return fail("nothing");
  if (rest.length > 0) return fail("more than two lines: the password, and another one while it is changed");
  if (password.length > PASSWORD_LENGTH_MAX || (other?.length ?? 0) > PASSWORD_LENGTH_MAX) {
    return fail(`more than ${PASSWORD_LENGTH_MAX} characters`);
  }
  return { ok: true, password, ...(other === undefined || other === "" ? {} : { other }) };
}
