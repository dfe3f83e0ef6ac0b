import { type Command, InvalidArgumentError } from "commander";
import { HISTORY_LIMIT_DEFAULT, HISTORY_LIMIT_MAX } from "../../api/requests.ts";
import { EXIT } from "../exit-codes.ts";
import { UsageError } from "../fail.ts";
import { formatHistory, formatIncident, type HistoryOptions } from "../format/history.ts";
import { nameOf } from "../format/words.ts";
import { parseWhole } from "../options.ts";
import { type JsonOption, printJson, type Session, type Shell } from "../session.ts";

interface Options extends JsonOption {
  readonly limit: number;
}

export function addHistory(program: Command, shell: Shell): void {
  program
    .command("history")
    .description("past incidents; with a number: its certificate")
    .argument("[seq]", "number of one incident", parseSeq)
    .option("--limit <n>", "how many", parseLimit, HISTORY_LIMIT_DEFAULT)
    .option("--json", "the incidents as JSON")
    .addHelpText("after", "\nExamples:\n  bouncer history\n  bouncer history 14")
    .action(async (seq: number | undefined, options: Options, command: Command) =>
      shell.finish(await history(shell.open(command), seq, options)),
    );
}

function parseSeq(text: string): number {
  if (!/^[1-9][0-9]{0,14}$/.test(text)) throw new InvalidArgumentError("It must be a whole number from 1.");
  return Number(text);
}

function parseLimit(text: string): number {
  return parseWhole(text, 1, HISTORY_LIMIT_MAX);
}

async function history(session: Session, seq: number | undefined, options: Options): Promise<number> {
  const { ctx, client, call } = session;
  const query = seq === undefined ? { limit: options.limit } : { limit: 1, before: seq + 1 };
  const [reply, status] = await Promise.all([client.history(query, call), client.status({}, call)]);
  const format: HistoryOptions = { ...ctx, nameOf: (id) => nameOf(status, id) };
  const found = reply.incidents.find((incident) => incident.seq === seq);
  if (seq === undefined) {
    if (options.json === true) printJson(ctx, reply);
    else ctx.out(formatHistory(reply.incidents, reply.next, format));
  } else if (found === undefined) {
    throw new UsageError(`there is no incident ${seq}`, "See the numbers with: bouncer history");
  } else if (options.json === true) printJson(ctx, found);
  else ctx.out(formatIncident(found, format));
  return EXIT.ok;
}
