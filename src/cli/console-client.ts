/** The console of this node, as the commands `console`, `user`, `token` and `audit` use it. */
import { type Command, InvalidArgumentError } from "commander";
import { ROLES, Role } from "../api/access.ts";
import type { CallOptions, ConsoleClient } from "../api/client.ts";
import { OperationError } from "../core/errors.ts";
import { socketOf } from "./context.ts";
import { UsageError } from "./fail.ts";
import type { Shell } from "./session.ts";

export function parseRole(text: string): Role {
  const role = Role.safeParse(text);
  if (role.success) return role.data;
  throw new InvalidArgumentError(`It must be one of ${ROLES.join(", ")}.`);
}

/** Its calls reject with `API_NO_CONSOLE` when nobody listens: that is not the daemon's fault. */
export function consoleOf(
  { ctx }: Shell,
  command: Command,
): { readonly client: ConsoleClient; readonly call: CallOptions } {
  const socket = socketOf(ctx.env, command.optsWithGlobals<{ socket?: string }>().socket);
  const calls = Object.entries(ctx.connectConsole(socket)).map(([name, ask]) => {
    const plain = ask as (...args: unknown[]) => Promise<unknown>;
    return [name, (...args: unknown[]) => plain(...args).catch(explained)] as const;
  });
  return { client: Object.fromEntries(calls) as unknown as ConsoleClient, call: { signal: ctx.signal } };
}

function explained(error: unknown): never {
  if (!(error instanceof OperationError) || error.code !== "IPC_UNREACHABLE") throw error;
  throw new OperationError("API_NO_CONSOLE", "the web console of this node does not run", { cause: error });
}

/** Typed twice on a terminal, read once from a pipe; never on the command line. */
export async function newPassword({ ctx }: Shell): Promise<string> {
  const first = await ctx.askSecret("New password: ");
  if (first === undefined || first === "") {
    throw new UsageError("no password: nothing was changed", "In scripts, give it on standard input.");
  }
  if (ctx.interactive && (await ctx.askSecret("The same again: ")) !== first) {
    throw new UsageError("the two are not the same: nothing was changed", "Run it again.");
  }
  return first;
}
