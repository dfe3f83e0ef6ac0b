/** What the old tools have in common: how they start, complain, and name the daemon's absence. */
import { OperationError } from "../../core/errors.ts";
import type { NodeView, StatusView } from "../../core/view/types.ts";
import type { CliContext } from "../context.ts";
import { EXIT } from "../exit-codes.ts";
import { lastResort } from "../fail.ts";
import { clean } from "../format/text.ts";
import { openSession, type Session } from "../session.ts";
import { type GetoptResult, getopt, has, type Parsed } from "./getopt.ts";

/** Ends an old tool with its "die" line: `<prog>: <text>` on standard error, exit 1. */
export class Die extends Error {
  override readonly name = "Die";
}

export interface OldTool {
  readonly name: string;
  /** As for getopt(3); `h` and `V` are added. */
  readonly options: string;
  readonly help: string;
  readonly run: (session: Session, parsed: Parsed) => Promise<number>;
  /** What a wrong option prints and how it exits. */
  readonly onBadOption?: (ctx: CliContext) => number;
}

export async function runOldTool(tool: OldTool, argv: readonly string[], ctx: CliContext): Promise<number> {
  const parsed: GetoptResult = getopt(tool.name, argv, `${tool.options}hV`);
  if (!parsed.ok) {
    ctx.err(`${parsed.complaint}\n`);
    if (tool.onBadOption !== undefined) return tool.onBadOption(ctx);
    ctx.err("Please use '-h' for usage.\n");
    return EXIT.failed;
  }
  if (has(parsed, "h")) {
    ctx.out(tool.help);
    return EXIT.ok;
  }
  if (has(parsed, "V")) {
    ctx.out(`${tool.name} ${ctx.version} (bouncer)\nCopyright the authors of Bouncer; Apache-2.0.\n`);
    return EXIT.ok;
  }
  try {
    return await tool.run(openSession(ctx, undefined), parsed);
  } catch (error) {
    if (ctx.signal.aborted) return EXIT.interrupted;
    if (error instanceof Die) ctx.err(`${tool.name}: ${error.message}\n`);
    else if (error instanceof OperationError) ctx.err(`${tool.name}: ${sentence(error)}\n`);
    else {
      ctx.err(`${tool.name}: ${lastResort(error)}\n`);
      return EXIT.internal;
    }
    return EXIT.failed;
  }
}

/** The daemon's words and what to do, on one line as the old tools did. */
export function sentence(error: OperationError): string {
  return `${clean(error.message)}: ${error.hint}`;
}

export function isUnreachable(error: unknown): boolean {
  return error instanceof OperationError && error.code === "IPC_UNREACHABLE";
}

/** The status, or absent when no daemon answers. A refused permission is no absence. */
export async function statusIfRunning({ client, call }: Session): Promise<StatusView | undefined> {
  try {
    return await client.status({}, call);
  } catch (error) {
    const denied = error instanceof OperationError && error.message.includes("permission denied");
    if (!isUnreachable(error) || denied) throw error;
    return undefined;
  }
}

/** The old stack's "cman is down": the daemon runs and has lost Corosync. */
export function isClusterDown(status: StatusView): boolean {
  return status.why.some((cause) => cause.code === "engine-lost");
}

const INSIDE: ReadonlySet<NodeView["state"]> = new Set([
  "member",
  "joining",
  "victim",
  "suspect",
  "expelled",
]);

/** "Joined" as the old tools meant it: in the group, long before fencing and quorum waits are over. */
export function isInDomain(status: StatusView): boolean {
  const own = status.nodes.find((node) => node.id === status.nodeId);
  return status.joined || (own !== undefined && INSIDE.has(own.state));
}
