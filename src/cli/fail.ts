/** Every way in which a command can fail, as one sentence, a hint and an exit code. */
import { InvariantViolation } from "../core/assert.ts";
import { OperationError } from "../core/errors.ts";
import type { CliContext } from "./context.ts";
import { EXIT } from "./exit-codes.ts";
import { clean } from "./format/text.ts";

/** Wrong use that only this command can see; `hint` says what to type instead. Exit 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/** Prints what went wrong and returns the exit code. Never prints a stack trace. */
export function fail(program: string, error: unknown, ctx: CliContext): number {
  if (ctx.signal.aborted) return EXIT.interrupted;
  if (error instanceof OperationError) {
    ctx.err(`${program}: ${clean(error.message)}\n  ${error.hint}\n`);
    return error.exit;
  }
  if (error instanceof UsageError) {
    ctx.err(`${program}: ${clean(error.message)}\n  ${error.hint}\n`);
    return EXIT.usage;
  }
  ctx.err(`${program}: ${lastResort(error)}\n`);
  return EXIT.internal;
}

/** One line about a bug of ours, with what a report needs. */
export function lastResort(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const kind = error instanceof InvariantViolation ? "broken invariant" : "unexpected failure";
  return `${kind} in this command, the daemon is not affected: ${clean(text)}. Please report it.`;
}
