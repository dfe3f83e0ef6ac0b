/** What the commands about the life of the configuration print: in force, staged, what each member says. */
import type { ConfigReply, ConfigStampView } from "../../api/config.ts";
import type { WallMillis } from "../../core/ids.ts";
import type { Paint } from "./paint.ts";
import { clean, labelled, lines, list, table, wrap } from "./text.ts";
import { formatAge, formatInstant, formatNear } from "./time.ts";

interface Options {
  readonly paint: Paint;
  readonly columns: number;
}

const FIRST = "the file on disk at the first start";

function byWhom({ by, comment }: ConfigStampView): string {
  if (by === "") return FIRST;
  return comment === "" ? by : `${by}: ${comment}`;
}

/** "goes back to version 7 in 4 min 10 s, unless it is confirmed" */
export function formatDeadline({ confirm }: ConfigStampView, now: WallMillis): string | undefined {
  if (confirm === undefined) return undefined;
  const left = confirm.until - now;
  const when = left > 0 ? `in ${formatAge(left)}` : "now";
  return `goes back to version ${confirm.back.version} ${when}, unless it is confirmed: bouncer config confirm`;
}

export function formatConfigStatus(reply: ConfigReply, options: Options): string {
  const { paint, columns } = options;
  const row = (label: string, text: string) => labelled(label, text, { indent: 0, columns });
  const { inForce, at, activating, staged, established, epoch } = reply;
  const since = inForce.at === 0 ? "" : ` since ${formatNear(inForce.at, at)}`;
  const where = established ? `everywhere, epoch ${epoch}` : "on this node only: no epoch is established yet";
  const deadline = formatDeadline(inForce, at);
  return lines([
    ...row("in force", `version ${inForce.version}${since}, ${where}`),
    ...row("", byWhom(inForce)),
    ...row("digest", inForce.digest),
    ...(deadline === undefined ? [] : row("confirm", deadline)),
    ...(activating === undefined
      ? []
      : row(
          "on its way",
          `version ${activating.version}, asked for by ${activating.by}: it waits for the disks`,
        )),
    ...fileRows(reply, row),
    ...(staged === undefined ? row("staged", "nothing") : stagedRows(staged, at, row)),
    ...(staged === undefined ? [] : ["", ...formatReports(staged, paint, columns)]),
  ]);
}

function fileRows({ file }: ConfigReply, row: (label: string, text: string) => string[]): string[] {
  const says: Record<ConfigReply["file"]["state"], string> = {
    unknown: "not looked at yet",
    same: "the same",
    older: `version ${file.version}, older than what is in force`,
    newer: `version ${file.version}, newer: a candidate until it is staged and activated`,
    differs: "the same version, and something else is in it",
    missing: "there is no such file",
    unreadable: "it makes no sense",
  };
  const problem = file.problem === undefined ? [] : row("", file.problem);
  return [...row("file", `${file.path}: ${says[file.state]}`), ...problem];
}

type Staged = NonNullable<ConfigReply["staged"]>;

function stagedRows(
  staged: Staged,
  now: WallMillis,
  row: (label: string, text: string) => string[],
): string[] {
  const { version, by, at, comment } = staged;
  const about = comment === "" ? "" : `: ${comment}`;
  return row("staged", `version ${version} by ${by} at ${formatNear(at, now)}${about}`);
}

/** One line per member, and what it found below it. */
export function formatReports({ reports, missing }: Staged, paint: Paint, columns: number): string[] {
  const said = reports.flatMap(({ node, ok, problems }) => [
    `  ${clean(node)}: ${ok ? paint.good("agrees") : paint.bad("refuses")}`,
    ...problems.flatMap((text) => wrap(text, columns - 4).map((line) => `    ${line}`)),
  ]);
  return [...said, ...missing.map((node) => `  ${clean(node)}: ${paint.warn("has not answered yet")}`)];
}

export function formatConfigHistory(versions: readonly ConfigStampView[], { paint }: Options): string {
  if (versions.length === 0) return "No configuration was activated yet.\n";
  const rows = versions.map((stamp) => [
    String(stamp.version),
    stamp.at === 0 ? "-" : formatInstant(stamp.at),
    stamp.by === "" ? "-" : stamp.by,
    stamp.digest.slice(0, 12),
    stamp.comment === "" && stamp.by === "" ? FIRST : stamp.comment,
  ]);
  return lines([
    ...table(["VERSION", "IN FORCE SINCE", "BY", "DIGEST", "COMMENT"], rows, { paint, right: [0] }),
    "",
    "The text of one: bouncer config text VERSION",
    "Bring one back:  bouncer config rollback VERSION",
  ]);
}

/** "not every member agrees: tpve02, tpve03" */
export function formatVerdict({ reports, missing, version }: Staged): string {
  const refusing = reports.filter((report) => !report.ok).map((report) => report.node);
  if (refusing.length > 0) {
    const refuse = refusing.length === 1 ? "refuses" : "refuse";
    return `Version ${version} cannot be activated: ${list(refusing, "")} ${refuse} it.`;
  }
  if (missing.length > 0) return `Version ${version} was not looked at yet by ${list(missing, "")}.`;
  return `Every member agrees with version ${version}. Bring it into force: bouncer config activate`;
}
