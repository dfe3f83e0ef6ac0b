/** `bouncer import` at work. */
import { parseCorosyncConf } from "../config/corosync/text.ts";
import { importLines } from "../config/import/from-lines.ts";
import { importPacemaker } from "../config/import/from-pacemaker.ts";
import type { ImportResult } from "../config/import/imported.ts";
import { type ConfNames, formatClusterConf } from "../config/import/to-cluster-conf.ts";
import { CONFIG_BYTES_MAX } from "../config/limits.ts";
import { parseClusterConf } from "../config/parse.ts";
import { formatProblem } from "../config/problem.ts";
import { redactText } from "../config/redact.ts";
import { ERRORS, OperationError } from "../core/errors.ts";
import type { CliContext } from "./context.ts";
import { nodesOf } from "./corosync/moment.ts";
import { EXIT } from "./exit-codes.ts";
import { clean, lines } from "./format/text.ts";
import { type JsonOption, printJson, progress } from "./session.ts";

export const FORMATS = ["pacemaker", "dlm", "fence.cfg"] as const;

export interface ImportOptions extends JsonOption {
  readonly from: (typeof FORMATS)[number];
  readonly name?: string;
  readonly corosyncConf?: string;
  readonly out?: string;
}

/** Passwords are in it: for root alone, until the owner decides otherwise. */
const OUT_MODE = 0o600;

/** Answers the exit code. Errors: `CFG_UNREADABLE`. */
export async function importConfig(ctx: CliContext, file: string, options: ImportOptions): Promise<number> {
  const result = read(ctx, file, options.from);
  if (!result.ok)
    throw unreadable(file, `${result.line === 0 ? "" : `line ${result.line}: `}${result.problem}`);
  const { text, notes } = formatClusterConf(result.imported, namesOf(ctx, options));
  const { config, problems } = parseClusterConf(text);
  if (options.out !== undefined) {
    const problem = ctx.files.replace(options.out, text, OUT_MODE);
    if (problem !== undefined) throw unreadable(options.out, problem);
  }
  const shown = redactText(text);
  const name = options.out ?? "the result";
  const findings = problems.map((one) => formatProblem(one, name));
  if (options.json) printJson(ctx, { text: shown, notes, problems });
  else {
    if (options.out === undefined) ctx.out(shown);
    ctx.err(lines([...notes.map((note) => `note: ${clean(note)}`), ...findings]));
    if (options.out === undefined && shown !== text)
      ctx.err("Passwords are masked here: --out FILE writes them.\n");
    else if (options.out !== undefined)
      progress(ctx, `${options.out} written; next: bouncer config validate ${options.out}`);
  }
  return config === undefined ? ERRORS.CFG_INVALID.exit : EXIT.ok;
}

function read(ctx: CliContext, file: string, from: ImportOptions["from"]): ImportResult {
  const bytes = ctx.files.bytes(file === "-" ? "/dev/stdin" : file, CONFIG_BYTES_MAX + 1);
  if (typeof bytes === "string") throw unreadable(file, bytes);
  if (from === "pacemaker") return importPacemaker(bytes);
  return importLines(new TextDecoder().decode(bytes), from);
}

/** Names, ids and votes that only Corosync knows. */
function namesOf(ctx: CliContext, { name, corosyncConf }: ImportOptions): ConfNames {
  const given = name === undefined ? {} : { name };
  if (corosyncConf === undefined) return given;
  const bytes = ctx.files.bytes(corosyncConf, CONFIG_BYTES_MAX);
  if (typeof bytes === "string") throw unreadable(corosyncConf, bytes);
  const parsed = parseCorosyncConf(new TextDecoder().decode(bytes));
  if (!parsed.ok) throw unreadable(corosyncConf, `line ${parsed.line}: ${parsed.problem}`);
  const nodes = nodesOf(parsed.keys).map((node) => ({
    id: node.id,
    name: node.name ?? node.addresses[0] ?? `node${node.id}`,
    votes: node.votes,
  }));
  const cluster = parsed.keys.get("totem.cluster_name");
  return { ...(cluster === undefined ? {} : { name: cluster }), ...given, nodes };
}

function unreadable(file: string, why: string): OperationError {
  return new OperationError("CFG_UNREADABLE", `${file} cannot be used: ${why}`);
}
