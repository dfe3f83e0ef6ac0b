/** One command line at work: the context, the client of the daemon that it names, and how it ends. */
import type { Command } from "commander";
import type { CallOptions, Client } from "../api/client.ts";
import { type CliContext, socketOf } from "./context.ts";

export interface Session {
  readonly ctx: CliContext;
  readonly client: Client;
  /** For every call: Ctrl-C ends it. */
  readonly call: CallOptions;
}

/** What the command files hang their commands on. */
export interface Shell {
  readonly ctx: CliContext;
  /** The session for a command that commander has parsed. */
  readonly open: (command: Command) => Session;
  /** The exit code of this run. */
  readonly finish: (code: number) => void;
}

export function openSession(ctx: CliContext, socket: string | undefined): Session {
  return { ctx, client: ctx.connect(socketOf(ctx.env, socket)), call: { signal: ctx.signal } };
}

export interface JsonOption {
  readonly json?: true;
}

export function printJson(ctx: CliContext, value: unknown): void {
  ctx.out(`${JSON.stringify(value, null, 2)}\n`);
}

/** A line for whoever watches; scripts and pipes do not get it. */
export function progress(ctx: CliContext, text: string): void {
  if (ctx.watched) ctx.err(`${ctx.paint.dim(text)}\n`);
}
