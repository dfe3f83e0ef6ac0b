/**
 * Where a password comes from: a script, a file, a credential of systemd, a sealed value. Each may give
 * two, on two lines: while a password is being changed both are valid, and are tried in this order.
 */
import { open } from "node:fs/promises";
import { join } from "node:path";
import type { Millis } from "../core/ids.ts";
import type { CancelSignal, Exec } from "../ports/exec.ts";
import { PASSWORD_LENGTH_MAX, PASSWORD_SCRIPT_BUDGET_MS } from "./external/limits.ts";
import { askPasswordScript, type Password, passwordOf } from "./external/password-script.ts";
import { KEY_BYTES_MAX, unseal } from "./sealed.ts";

export interface AskLimits {
  readonly budgetMs: Millis;
  readonly folders: readonly string[];
  readonly cancel: CancelSignal;
}

/** `file:PATH`, `credential:NAME`, `sealed:KEYFILE:VALUE`; anything else is a script. Never rejects. */
export async function askPassword(source: string, exec: Exec, limits: AskLimits): Promise<Password> {
  const [, kind, rest = ""] = /^(file|credential|sealed):(.*)$/s.exec(source) ?? [];
  switch (kind) {
    case "file":
      return fromFile(rest, `passwd_file ${rest}`, limits.budgetMs);
    case "credential":
      return fromCredential(rest, limits.budgetMs);
    case "sealed":
      return fromSealed(rest, limits.budgetMs);
    default:
      return askPasswordScript(source, exec, limits);
  }
}

async function fromFile(path: string, name: string, budgetMs: Millis): Promise<Password> {
  const bytes = await readWithin(path, 2 * (PASSWORD_LENGTH_MAX + 1) * 4, budgetMs);
  if (typeof bytes === "string") return failed(`${name} ${bytes}`);
  return passwordOf(Buffer.from(bytes).toString("utf8"), name, "holds");
}

function fromCredential(name: string, budgetMs: Millis): Promise<Password> {
  const folder = process.env["CREDENTIALS_DIRECTORY"];
  const shown = `passwd_credential ${name}`;
  if (folder === undefined || folder === "") {
    return Promise.resolve(failed(`${shown}: systemd gave this process no credentials (LoadCredential=)`));
  }
  if (!/^[\w.-]{1,255}$/.test(name) || name.startsWith(".")) {
    return Promise.resolve(failed("passwd_credential is not the name of a credential"));
  }
  return fromFile(join(folder, name), shown, budgetMs);
}

/** Shape: the path of the key, a colon, the value, which has one colon of its own. */
async function fromSealed(rest: string, budgetMs: Millis): Promise<Password> {
  const [, keyfile = "", value = ""] = /^(.*):([^:]*:[^:]*)$/s.exec(rest) ?? [];
  const key = await readWithin(keyfile, KEY_BYTES_MAX + 1, budgetMs);
  if (typeof key === "string") return failed(`passwd_sealed: key file ${keyfile} ${key}`);
  const opened = unseal(value, key);
  if (!opened.ok) return failed(`passwd_sealed: ${opened.problem} (${keyfile})`);
  return passwordOf(opened.text, "passwd_sealed", "holds");
}

function failed(problem: string, result: "failed" | "timeout" = "failed"): Password {
  return { ok: false, result, problem };
}

/** The bytes, or why there are none. A disk that hangs costs the time that there is, and no more. */
async function readWithin(path: string, bytesMax: number, budgetMs: Millis): Promise<Uint8Array | string> {
  const late = new Promise<string>((resolve) => {
    setTimeout(
      () => resolve("could not be read in time"),
      Math.min(budgetMs, PASSWORD_SCRIPT_BUDGET_MS),
    ).unref();
  });
  return Promise.race([late, readStart(path, bytesMax)]);
}

async function readStart(path: string, bytesMax: number): Promise<Uint8Array | string> {
  try {
    const file = await open(path, "r");
    try {
      if (!(await file.stat()).isFile()) return "is no file";
      const { buffer, bytesRead } = await file.read(new Uint8Array(bytesMax), 0, bytesMax, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? "does not exist here" : "cannot be read";
  }
}
