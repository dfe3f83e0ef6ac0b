import { type Command, Option } from "commander";
import { WAIT_SECONDS_MAX, type WaitFor } from "../../api/requests.ts";
import { OperationError } from "../../core/errors.ts";
import { EXIT } from "../exit-codes.ts";
import { clean } from "../format/text.ts";
import { parseSeconds } from "../options.ts";
import { type JsonOption, printJson, type Session, type Shell } from "../session.ts";

interface WaitOptions extends JsonOption {
  readonly for: WaitFor;
  /** Units: s. */
  readonly timeout?: number;
}

export function addWait(program: Command, shell: Shell): void {
  program
    .command("wait")
    .description("wait until storage is open here")
    .addOption(
      new Option("--for <what>", "what to wait for")
        .choices(["open", "joined", "left", "synced"])
        .default("open"),
    )
    .option("--timeout <seconds>", "give up after this long; without it: never", parseSeconds)
    .option("--json", "the status that ended it, as JSON")
    .addHelpText(
      "after",
      "\nExit code: 0 it is so, 4 no daemon, 5 the time is over.\n\nExamples:\n  bouncer wait && lvchange -ay vg0/vm-101\n  bouncer wait --for joined --timeout 60",
    )
    .action(async (options: WaitOptions, command: Command) =>
      shell.finish(await wait(shell.open(command), options)),
    );
}

/** The daemon limits one wait: longer ones are several in a row. */
async function wait({ ctx, client, call }: Session, options: WaitOptions): Promise<number> {
  let left = options.timeout ?? Number.POSITIVE_INFINITY;
  for (;;) {
    const timeout = Math.min(left, WAIT_SECONDS_MAX);
    left -= timeout;
    try {
      const { status } = await client.wait({ for: options.for, timeout }, call);
      if (options.json === true) printJson(ctx, status);
      else ctx.out(`${clean(status.verdict)}\n`);
      return EXIT.ok;
    } catch (error) {
      const over = error instanceof OperationError && error.code === "DOM_WAIT_TIMEOUT";
      if (!over || left <= 0) throw error;
    }
  }
}
