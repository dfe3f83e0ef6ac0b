/** `bouncer ack`: a person states that a victim is off. The most dangerous command: it asks twice. */
import type { Command } from "commander";
import { OperationError } from "../../core/errors.ts";
import type { StatusView } from "../../core/view/types.ts";
import { EXIT } from "../exit-codes.ts";
import { UsageError } from "../fail.ts";
import { statusWhen } from "../follow.ts";
import { formatKnown } from "../format/ack.ts";
import { clean, list } from "../format/text.ts";
import { nameOf } from "../format/words.ts";
import { nodeNamed } from "../nearest.ts";
import { type JsonOption, printJson, type Session, type Shell } from "../session.ts";

interface AckOptions extends JsonOption {
  readonly statement?: string;
  readonly yesItIsOff?: string;
  readonly contradict?: string;
}

/** How long storage may take to open after the last victim is acknowledged. Units: ms. */
const OPEN_WITHIN_MS = 5_000;

export function addAck(program: Command, shell: Shell): void {
  program
    .command("ack")
    .description("state that a lost node is off: storage goes on")
    .argument("<node>", "the lost node that you made sure is off")
    .option("--statement <text>", "how you know that it is off; kept in the certificate")
    .option("--yes-it-is-off <node>", "its name again, instead of being asked (for scripts)")
    .option("--contradict <why>", "why the evidence that speaks against it is wrong")
    .option("--json", "the answer as JSON")
    .addHelpText(
      "after",
      "\nIf the node still runs, it and the others write to the same storage and destroy it.\n" +
        "\nExamples:\n  bouncer ack tpve03\n" +
        '  bouncer ack tpve03 --statement "pulled both power cords" --yes-it-is-off tpve03',
    )
    .action(async (name: string, options: AckOptions, command: Command) =>
      shell.finish(await ack(shell.open(command), name, options)),
    );
}

async function ack(session: Session, name: string, options: AckOptions): Promise<number> {
  const { ctx, client, call } = session;
  const status = await client.status({}, call);
  nodeNamed(status, name);
  const victim = status.victims.find((one) => one.name === name);
  if (victim === undefined) {
    throw new OperationError("DOM_NOT_VICTIM", `${name} is not lost: nothing waits for it`);
  }
  if (options.yesItIsOff === undefined) ctx.err(formatKnown(victim, status, ctx));
  const statement =
    options.statement ?? (await answer(session, "How do you know that it is off? ", "--statement"));
  const typed =
    options.yesItIsOff ?? (await answer(session, `Type "${name}" if it is OFF: `, "--yes-it-is-off"));
  if (typed.trim() !== name) {
    throw new UsageError(
      `"${typed.trim()}" is not "${name}": nothing was acknowledged`,
      "Type the name of the node that is off, exactly as cluster.conf has it.",
    );
  }
  const contradict = options.contradict === undefined ? {} : { contradict: options.contradict };
  // It is about the failure that was shown, and about no later one.
  const about = victim.firstSeenAt === undefined ? {} : { firstSeenAt: victim.firstSeenAt };
  const reply = await client.ack({ name, by: ctx.user, statement, ...contradict, ...about }, call);
  if (options.json === true) printJson(ctx, reply);
  else ctx.out(await whatBecame(session, name, reply.victimsLeft));
  return EXIT.ok;
}

async function answer({ ctx }: Session, question: string, option: string): Promise<string> {
  if (!ctx.interactive) {
    throw new UsageError(
      `nobody is here to be asked, and ${option} is missing: nothing was acknowledged`,
      "In scripts: bouncer ack NODE --statement TEXT --yes-it-is-off NODE",
    );
  }
  const text = (await ctx.ask(question))?.trim() ?? "";
  if (text !== "") return text;
  throw new UsageError("no answer: nothing was acknowledged", "Run it again when you know.");
}

/** After the answer: is storage open, and if not, for whom is it still held. Waits a moment for it. */
export async function whatBecame(
  session: Session,
  name: string,
  victimsLeft: readonly number[],
): Promise<string> {
  const { ctx, client, call } = session;
  const done = `${name} counts as off`;
  if (victimsLeft.length > 0) {
    const status = await client.status({}, call);
    const others = victimsLeft.map((id) => nameOf(status, id));
    return `${done}. Storage is still held for ${list(others, "nobody")}.\n`;
  }
  const isOpen = (view: StatusView): boolean => view.gate === "open";
  const open = await statusWhen(session, isOpen, { timeoutMs: OPEN_WITHIN_MS });
  if (open !== undefined) return `${done}. ${ctx.paint.good("Storage is open.")}\n`;
  const now = await client.status({}, call);
  return `${done}. Storage is not open yet: ${clean(now.verdict)}\n`;
}
