/** `bouncer config diff` with versions: the daemon has the texts, and compares them. */
import type { ConfigDiffReply } from "../api/config.ts";
import type { DiffOptions } from "./config-diff.ts";
import { sourceOf } from "./config-life.ts";
import { EXIT } from "./exit-codes.ts";
import { UsageError } from "./fail.ts";
import { formatChanges } from "./format/changes.ts";
import { printJson, type Session } from "./session.ts";

const VERSION = /^(?:in-force|staged|[1-9][0-9]{0,14})$/;

/** Answers the exit code. A single word is compared with what is in force. */
export async function diffVersions(
  session: Session,
  first: string,
  second: string | undefined,
  options: DiffOptions,
): Promise<number> {
  const { ctx } = session;
  const [a, b] = second === undefined ? ["in-force", first] : [first, second];
  const reply = await compare(session, a, b);
  const text = options.text ? reply.text : "";
  if (options.json) printJson(ctx, reply);
  else ctx.out(formatChanges({ changes: reply.changes, consequences: [], text }, ctx));
  return options.exitCode && reply.changes.length > 0 ? EXIT.failed : EXIT.ok;
}

async function compare(session: Session, a: string, b: string): Promise<ConfigDiffReply> {
  const { ctx, client, call } = session;
  if (VERSION.test(a) && VERSION.test(b)) return client.configDiff({ a, b }, call);
  if (!VERSION.test(a)) {
    throw new UsageError(
      `${a} is a file and ${b} a version`,
      `The version comes first: bouncer config diff ${b} ${a}`,
    );
  }
  const source = sourceOf(ctx, b);
  const text = "text" in source ? source.text : "";
  return client.configCompare({ with: a, text }, call);
}
