import { type Command, InvalidArgumentError } from "commander";
import { CONFIG_CONFIRM_MS_MAX } from "../../../api/config.ts";
import { activate } from "../../config-life.ts";
import { EXIT } from "../../exit-codes.ts";
import { formatAge } from "../../format/time.ts";
import { parseWhole } from "../../options.ts";
import { type JsonOption, printJson, type Session, type Shell } from "../../session.ts";

export interface ActivationOptions extends JsonOption {
  readonly comment?: string;
  /** Units: ms. */
  readonly confirmWithin?: number;
  readonly wait?: true;
}

export function addConfigActivate(group: Command, shell: Shell): void {
  withActivationOptions(
    group
      .command("activate")
      .description("bring what is staged into force: on all members at one instant, or on none")
      .argument(
        "[version]",
        "the staged version that you mean; without it: whatever is staged",
        parseVersion,
      ),
  )
    .addHelpText(
      "after",
      "\nStorage is not frozen by it. A node that joins later gets it from the others.\n" +
        "\nExamples:\n  bouncer config activate\n" +
        '  bouncer config activate --confirm-within 5m --comment "new iLO of tpve03"',
    )
    .action(async (version: number | undefined, options: ActivationOptions, command: Command) =>
      shell.finish(await run(shell.open(command), version, options)),
    );
}

/** Of `activate` and `rollback`. */
export function withActivationOptions(command: Command): Command {
  return command
    .option("--confirm-within <time>", "goes back by itself unless confirmed by then: 90s, 5m, 1h", parseTime)
    .option("--comment <text>", "why, for the history")
    .option("--wait", "wait while a node is being fenced, instead of being refused")
    .option("--json", "what came of it as JSON");
}

export function parseVersion(text: string): number {
  return parseWhole(text, 1, Number.MAX_SAFE_INTEGER);
}

function parseTime(text: string): number {
  const match = /^([0-9]{1,6})(s|m|h)$/.exec(text);
  const ms = Number(match?.[1]) * { s: 1_000, m: 60_000, h: 3_600_000 }[match?.[2] as "s" | "m" | "h"];
  if (match !== null && ms >= 1_000 && ms <= CONFIG_CONFIRM_MS_MAX) return ms;
  throw new InvalidArgumentError("It must be a time from 1s to 24h, for example 5m.");
}

export function activationOf({ comment, confirmWithin, wait }: ActivationOptions) {
  return {
    ...(comment === undefined ? {} : { comment }),
    ...(confirmWithin === undefined ? {} : { withinMs: confirmWithin }),
    wait: wait === true,
  };
}

async function run(
  session: Session,
  version: number | undefined,
  options: ActivationOptions,
): Promise<number> {
  const which = version === undefined ? {} : { version };
  const reply = await activate(session, { ...which, ...activationOf(options) });
  return told(session, reply, options);
}

export function told(
  { ctx }: Session,
  reply: { readonly version: number; readonly epoch: number },
  options: ActivationOptions,
): number {
  if (options.json) printJson(ctx, reply);
  else {
    ctx.out(`Version ${reply.version} is in force on every member, epoch ${reply.epoch}.\n`);
    if (options.confirmWithin !== undefined) {
      const time = formatAge(options.confirmWithin);
      ctx.out(`It goes back by itself in ${time}, unless you say that it is good: bouncer config confirm\n`);
    }
  }
  return EXIT.ok;
}
