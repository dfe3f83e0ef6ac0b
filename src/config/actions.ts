/** Is a list of device lines able to do what it is there for? Order matters: power may return late only. */
import type { DeviceLine } from "./device-lines.ts";
import type { Problems } from "./problem.ts";
import { quoted } from "./values.ts";

const METHOD_ACTIONS: readonly string[] = ["off", "on", "reboot", "cycle"];
const HARMLESS: readonly string[] = [
  "status",
  "monitor",
  "list",
  "list-status",
  "metadata",
  "validate-all",
  "diag",
];

/** A method must cut its node off, and no line may power it on before all others have done so. */
export function checkMethodActions(lines: readonly DeviceLine[], problems: Problems): void {
  let powersOn: DeviceLine | undefined;
  for (const line of lines) {
    const action = line.use.action ?? "reboot";
    if (!METHOD_ACTIONS.includes(action)) reportAction(line, action, METHOD_ACTIONS, problems);
    if (action === "on") {
      powersOn ??= line;
    } else if (powersOn !== undefined) {
      const what = `device ${quoted(line.use.device)} acts after line ${powersOn.use.line} has powered the node on`;
      problems.error(line.actionPlace, what, "every off before the first on");
    }
  }
  const last = lines.at(-1);
  if (last !== undefined && lines.every((line) => line.use.action === "on")) {
    problems.error(
      last.actionPlace,
      "this method only powers on: it cuts nothing",
      'a device with action="off" before it',
    );
  }
}

/** Unfencing must be written out: an agent's default is to cut off. */
export function checkUnfenceActions(lines: readonly DeviceLine[], problems: Problems): void {
  for (const line of lines) {
    const action = line.use.action;
    if (action === "on") continue;
    const what =
      action === undefined
        ? `unfence device ${quoted(line.use.device)} has no action: its agent would cut the node off`
        : `unfence device ${quoted(line.use.device)} has action ${quoted(action)}`;
    problems.error(
      line.actionPlace,
      what,
      'action="on"',
      action === undefined ? undefined : problems.guess(action, ["on"]),
    );
  }
}

function reportAction(
  line: DeviceLine,
  action: string,
  allowed: readonly string[],
  problems: Problems,
): void {
  const what = HARMLESS.includes(action)
    ? `action ${quoted(action)} cuts nothing`
    : `unknown action ${quoted(action)}`;
  problems.error(line.actionPlace, what, `one of ${allowed.join(", ")}`, problems.guess(action, allowed));
}
