import type { Command } from "commander";
import { OperationError } from "../../core/errors.ts";
import { EXIT } from "../exit-codes.ts";
import { formatEvent, newsOf } from "../format/events.ts";
import { type JsonOption, progress, type Session, type Shell } from "../session.ts";

/** How long a lost daemon is looked for before `watch` gives up, and how often. */
const RECONNECT_EVERY_MS = 1_000;
const RECONNECT_TRIES_MAX = 300;

export function addWatch(program: Command, shell: Shell): void {
  program
    .command("watch")
    .description("live events, one line each; Ctrl-C ends it")
    .option("--json", "one JSON object per line")
    .addHelpText("after", "\nExamples:\n  bouncer watch\n  bouncer watch --json | jq -r .data.text")
    .action(async (options: JsonOption, command: Command) =>
      shell.finish(await watch(shell.open(command), options)),
    );
}

/** Goes on after a restart of the daemon, from the last event that it saw. */
async function watch({ ctx, client, call }: Session, options: JsonOption): Promise<number> {
  let lastId: string | undefined;
  let news: string | undefined;
  let tries = 0;
  while (!ctx.signal.aborted) {
    try {
      for await (const event of client.events(lastId, call)) {
        lastId = event.id;
        tries = 0;
        const line = options.json === true ? JSON.stringify(event) : formatEvent(event, news, ctx.paint);
        if (event.type === "status") news = newsOf(event.data);
        if (line !== undefined) ctx.out(`${line}\n`);
      }
    } catch (error) {
      const gone = error instanceof OperationError && error.code === "IPC_UNREACHABLE";
      if (!ctx.signal.aborted && (!gone || lastId === undefined || tries >= RECONNECT_TRIES_MAX)) throw error;
    }
    if (ctx.signal.aborted) break;
    if (tries === 0) progress(ctx, "bouncerd does not answer; trying again every second");
    tries += 1;
    await ctx.sleep(RECONNECT_EVERY_MS, ctx.signal);
  }
  return EXIT.ok;
}
