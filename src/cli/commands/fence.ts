/** `bouncer fence`, `bouncer unfence`. */
import type { Command } from "commander";
import { OperationError } from "../../core/errors.ts";
import type { FenceStep } from "../../core/ledger.ts";
import type { NodeView, StatusView } from "../../core/view/types.ts";
import { EXIT } from "../exit-codes.ts";
import { formatLogEvent } from "../format/events.ts";
import { formatSteps } from "../format/steps.ts";
import { lines } from "../format/text.ts";
import { nameOf } from "../format/words.ts";
import { nodeNamed } from "../nearest.ts";
import { type JsonOption, printJson, type Session, type Shell } from "../session.ts";

interface FenceOptions extends JsonOption {
  readonly yes?: true;
}

export function addFence(program: Command, shell: Shell): void {
  program
    .command("fence")
    .description("cut a node off, now, and read back that it is off")
    .argument("<node>", "its name in cluster.conf")
    .option("-y, --yes", "do not ask, even if the node is a running member")
    .option("--json", "the outcome and every step as JSON")
    .addHelpText(
      "after",
      "\nExit code: 0 fenced, 1 failed, 2 the node has no fence method.\n\nExamples:\n  bouncer fence tpve02",
    )
    .action(async (name: string, options: FenceOptions, command: Command) =>
      shell.finish(await fence(shell.open(command), name, options)),
    );
}

export function addUnfence(program: Command, shell: Shell): void {
  program
    .command("unfence")
    .description("let a node reach storage again (<unfence>)")
    .argument("[node]", "its name in cluster.conf; without it: this node")
    .option("--json", "the outcome and every step as JSON")
    .addHelpText(
      "after",
      "\nExit code: 0 done, 1 failed, 2 the node has no <unfence> section.\n\nExamples:\n  bouncer unfence",
    )
    .action(async (name: string | undefined, options: JsonOption, command: Command) =>
      shell.finish(await unfence(shell.open(command), name, options)),
    );
}

const CODES = { success: EXIT.ok, failed: EXIT.failed, undefined: EXIT.undefined } as const;

async function fence(session: Session, name: string, options: FenceOptions): Promise<number> {
  const { ctx, client, call } = session;
  const status = await client.status({}, call);
  const node = nodeNamed(status, name);
  if (node.id === status.nodeId) {
    throw new OperationError("DOM_FENCE_SELF", `${name} is this node: it cannot see its own end`);
  }
  if (options.yes !== true && ctx.interactive && !(await confirmed(session, node))) {
    ctx.err("Nothing was done.\n");
    return EXIT.failed;
  }
  const done = new AbortController();
  const telling = tellProgress(session, node, done.signal);
  try {
    const reply = await client.fence({ name, by: ctx.user }, call);
    if (options.json === true) printJson(ctx, reply);
    else ctx.out(formatFence(reply.outcome, reply.steps, name, status, ctx));
    return CODES[reply.outcome];
  } catch (error) {
    if (ctx.signal.aborted) ctx.err(`Fencing of ${name} goes on in bouncerd; see it with: bouncer watch\n`);
    throw error;
  } finally {
    done.abort();
    await telling;
  }
}

/** Only a node that works right now is worth a question. */
async function confirmed({ ctx }: Session, node: NodeView): Promise<boolean> {
  if (!node.present) return true;
  ctx.err(`${node.name} is running. Everything on it dies when its power is cut.\n`);
  return (await ctx.ask(`Type "${node.name}" to cut it off: `))?.trim() === node.name;
}

/** The story of this node while it is being fenced. Ends when `done` fires; never fails the command. */
async function tellProgress({ ctx, client }: Session, node: NodeView, done: AbortSignal): Promise<void> {
  try {
    for await (const event of client.events(undefined, { signal: AbortSignal.any([done, ctx.signal]) })) {
      if (event.type !== "log" || event.data.node !== node.id || event.data.level === "debug") continue;
      ctx.err(`${formatLogEvent(event.data, ctx.paint)}\n`);
    }
  } catch (error) {
    if (!(error instanceof OperationError)) throw error; // The request itself tells what is wrong.
  }
}

function formatFence(
  outcome: keyof typeof CODES,
  steps: readonly FenceStep[],
  name: string,
  status: StatusView,
  ctx: Session["ctx"],
): string {
  const options = {
    paint: ctx.paint,
    columns: ctx.columns,
    now: ctx.wall(),
    nameOf: (id: number) => nameOf(status, id),
  };
  const verdict = {
    success: ctx.paint.good(`${name} is fenced.`),
    failed: ctx.paint.bad(`${name} is NOT fenced: no method worked. It may still be writing.`),
    undefined: ctx.paint.warn(
      `${name} has no fence method in cluster.conf: switch it off by hand, then: bouncer ack ${name}`,
    ),
  }[outcome];
  return lines([...(steps.length === 0 ? [] : formatSteps(steps, options)), verdict]);
}

async function unfence(session: Session, asked: string | undefined, options: JsonOption): Promise<number> {
  const { ctx, client, call } = session;
  const status = await client.status({}, call);
  const { name } = nodeNamed(status, asked ?? status.node);
  const reply = await client.unfence({ name, by: ctx.user }, call);
  const verdict = {
    success: `${name} may reach storage again.`,
    failed: `${name} is NOT unfenced: a device refused.`,
    undefined: `${name} has no <unfence> section in cluster.conf: there is nothing to do.`,
  }[reply.outcome];
  const stepOptions = {
    paint: ctx.paint,
    columns: ctx.columns,
    now: ctx.wall(),
    nameOf: (id: number) => nameOf(status, id),
  };
  if (options.json === true) printJson(ctx, reply);
  else ctx.out(lines([...(reply.steps.length === 0 ? [] : formatSteps(reply.steps, stepOptions)), verdict]));
  return CODES[reply.outcome];
}
