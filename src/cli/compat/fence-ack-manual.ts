/** `fence_ack_manual`: a person swears that a node is off. Works from any node that has the daemon. */
import { OperationError } from "../../core/errors.ts";
import { whatBecame } from "../commands/ack.ts";
import type { CliContext } from "../context.ts";
import { EXIT } from "../exit-codes.ts";
import { clean } from "../format/text.ts";
import { unknownNode } from "../nearest.ts";
import type { Session } from "../session.ts";
import { Die, runOldTool, sentence, statusIfRunning } from "./old-tool.ts";

const USAGE = `usage: fence_ack_manual [-n] NODE
  NODE  a lost node that you switched off yourself, or saw that it is off
  -n    accepted for old scripts
  The fence domain then goes on without it. If the node still runs, it and
  the others write to the same storage and destroy it.
  The same with the evidence shown: bouncer ack NODE
`;

/** What the old tool let through as its only argument; kept in the certificate. */
const STATEMENT = "fence_ack_manual: answered absolutely";

export async function runFenceAckManual(argv: readonly string[], ctx: CliContext): Promise<number> {
  const words = argv[0] === "-n" ? argv.slice(1) : argv;
  const [name] = words;
  if (name === undefined || name.startsWith("-")) {
    ctx.out(USAGE);
    return EXIT.failed;
  }
  const run = (session: Session): Promise<number> => override(session, name);
  return await runOldTool({ name: "fence_ack_manual", options: "", help: USAGE, run }, [], ctx);
}

async function override(session: Session, name: string): Promise<number> {
  const { ctx, client, call } = session;
  const status = await statusIfRunning(session);
  if (status === undefined) throw new Die("cannot reach bouncerd on this node; run it on another node");
  if (!status.nodes.some((node) => node.name === name)) throw new Die(unknownNode(status, name));
  const victim = status.victims.find((one) => one.name === name);
  ctx.out(
    `About to override fencing for ${name}.\n` +
      "Improper use of this command can cause severe file system damage.\n\n",
  );
  const answer = await ctx.ask("Continue [NO/absolutely]? ");
  if (answer !== "absolutely") {
    ctx.out("Aborted.\n");
    return EXIT.failed;
  }
  try {
    // It is about the failure that there was before the question, and about no later one.
    const firstSeenAt = victim === undefined ? 0 : victim.firstSeenAt;
    const about = firstSeenAt === undefined ? {} : { firstSeenAt };
    const reply = await client.ack({ name, by: ctx.user, statement: STATEMENT, ...about }, call);
    ctx.out("Done\n");
    ctx.out(await whatBecame(session, name, reply.victimsLeft));
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof OperationError) || ctx.signal.aborted) throw error;
    const contradicted = error.code === "DOM_ACK_CONTRADICTED";
    const certain = `make sure that it is off; if you are certain: bouncer ack ${name} --contradict "why"`;
    ctx.err(`fence_ack_manual: ${contradicted ? `${clean(error.message)}: ${certain}` : sentence(error)}\n`);
    return EXIT.failed;
  }
}
