/** `bouncer status`: the verdict first, then the domain, the nodes, the victims, the storage. */
import type { StatusView, VictimView } from "../../core/view/types.ts";
import type { Paint } from "./paint.ts";
import { formatEvidence, formatSteps } from "./steps.ts";
import { labelled, lines, list, table, wrap } from "./text.ts";
import { formatAge, formatNear } from "./time.ts";
import { HOW, nameOf, stageWord, stateCell } from "./words.ts";

export interface FormatOptions {
  readonly paint: Paint;
  readonly columns: number;
}

/** Steps of a victim that `status` shows; all of them are in `--json` and in the history. */
const STEPS_SHOWN = 6;

export function formatStatus(status: StatusView, options: FormatOptions): string {
  const { paint, columns } = options;
  const colour = status.gate === "open" ? paint.good : paint.hold;
  const verdict = wrap(status.verdict, columns).map((line) => paint.bold(colour(line)));
  const victims = status.victims.flatMap((victim) => ["", ...formatVictim(victim, status, options)]);
  const warnings = status.warnings.flatMap((text) => labelled("warning", text, { indent: 0, columns }));
  return lines([
    ...verdict,
    "",
    ...formatDomain(status, columns),
    "",
    ...formatNodes(status, paint),
    ...victims,
    "",
    ...formatStorage(status, columns),
    ...warnings.map((line) => paint.warn(line)),
    ...(status.gate === "open" ? [] : ["", "What you can do: bouncer why"]),
  ]);
}

/** The words of `fence_tool ls`, with names instead of numbers. */
function formatDomain(status: StatusView, columns: number): string[] {
  const { domain } = status;
  const own = status.nodes.find((node) => node.id === status.nodeId);
  const here = status.joined ? "a member" : own?.state === "joining" ? "joining" : "not joined";
  const victims = status.victims.map((victim) => victim.name);
  const now = domain.victimNow === 0 ? "none" : nameOf(status, domain.victimNow);
  const master = domain.masterNodeid === 0 ? "none yet" : nameOf(status, domain.masterNodeid);
  const quorum = status.quorate ? "yes" : "NO: nobody may fence and storage stays held";
  const row = (label: string, text: string) => labelled(label, text, { indent: 0, columns });
  return [
    ...row("fence domain", `${status.cluster}, asked on ${status.node}, which is ${here}`),
    ...row("member count", `${domain.memberCount} of ${status.nodes.length} configured nodes`),
    ...row("victim count", [String(domain.victimCount), ...victims].join(" ")),
    ...row("victim now", now),
    ...row("master", master),
    ...row("wait state", domain.waitState),
    ...row("quorum", quorum),
    ...row("epoch", `${status.epoch}, configuration version ${status.configVersion}`),
  ];
}

function formatNodes(status: StatusView, paint: Paint): string[] {
  const rows = status.nodes.map((node) => {
    const last = node.lastFenced;
    const when = last === undefined ? "" : `${formatNear(last.at, status.at)} ${HOW[last.how]}`;
    const methods =
      node.methods.length === 0 ? { text: "no device", paint: paint.warn } : list(node.methods, "");
    const version = node.configVersion === undefined ? "" : String(node.configVersion);
    const odd = node.configVersion !== undefined && node.configVersion !== status.configVersion;
    return [
      node.name,
      String(node.id),
      stateCell(node, status, paint),
      methods,
      odd ? { text: version, paint: paint.warn } : version,
      when,
    ];
  });
  const head = ["NODE", "ID", "STATE", "FENCED BY", "CONFIG", "LAST INCIDENT"];
  return table(head, rows, { paint, right: [1, 4] });
}

function formatVictim(victim: VictimView, status: StatusView, options: FormatOptions): string[] {
  const { paint, columns } = options;
  const row = (label: string, text: string) => labelled(label, text, { indent: 2, columns });
  const since =
    victim.firstSeenAt === undefined
      ? ""
      : `, lost at ${formatNear(victim.firstSeenAt, status.at)} (${formatAge(status.at - victim.firstSeenAt)} ago)`;
  const by = victim.executor === undefined ? "" : `, from ${victim.executor}`;
  const doing = victim.doing === undefined ? [] : row("doing now", `${victim.doing}${by}`);
  const tries =
    victim.attempt === 0
      ? []
      : row(
          "attempt",
          victim.rounds === 0
            ? String(victim.attempt)
            : `${victim.attempt}; ${plural(victim.rounds, "full round")} of all nodes in vain`,
        );
  const next =
    victim.nextAt === undefined
      ? []
      : row(
          "next step",
          `in ${formatAge(victim.nextAt - status.at)}, at ${formatNear(victim.nextAt, status.at)}`,
        );
  const stepOptions = { paint, columns, now: status.at, nameOf: (id: number) => nameOf(status, id) };
  const shown = victim.steps.slice(-STEPS_SHOWN);
  const hidden = victim.steps.length - shown.length;
  return [
    paint.bold(paint.bad(`victim ${victim.name}: ${stageWord(victim.stage)}${since}`)),
    ...row("cause", victim.cause),
    ...row("stands at", victim.reason),
    ...doing,
    ...tries,
    ...next,
    ...formatEvidence(victim.evidence, stepOptions),
    ...(shown.length === 0 ? [] : formatSteps(shown, stepOptions)),
    ...(hidden > 0 ? [`  (${plural(hidden, "earlier step")}: see --json)`] : []),
  ];
}

function formatStorage(status: StatusView, columns: number): string[] {
  const row = (label: string, text: string) => labelled(label, text, { indent: 0, columns });
  const age = formatAge(status.at - status.gateSince);
  const state = status.gate === "open" ? "open" : "held";
  const since = `${state} since ${formatNear(status.gateSince, status.at)} (${age})`;
  const users = status.inUse.flatMap((use, at) => row(at === 0 ? "in use here" : "", use));
  return [
    ...row("storage", `${since}; proof that it demands: grade ${status.evidenceDemand}`),
    ...(users.length === 0 ? row("in use here", "nothing") : users),
    ...(status.volumeGroups ?? []).flatMap((group, at) =>
      row(at === 0 ? "volume groups" : "", formatGroup(group)),
    ),
    ...(status.locks === undefined ? [] : row("locks", formatLocks(status.locks))),
    ...(status.readiness === undefined ? [] : row("fence devices", formatReadiness(status.readiness))),
  ];
}

function formatGroup({
  name,
  started,
  volumes,
  waiting,
}: NonNullable<StatusView["volumeGroups"]>[number]): string {
  const waits = waiting === 0 ? "" : `, ${plural(waiting, "command")} waiting: see bouncer lvm status`;
  return `${name}: ${plural(volumes, "volume")} in use, started on ${started.join(", ")}${waits}`;
}

function formatLocks({ count, waiting }: NonNullable<StatusView["locks"]>): string {
  const waits = waiting === 0 ? "nobody waits" : `${waiting} not granted yet`;
  return `${count} in the domain, ${waits}: see bouncer locks`;
}

/** Of the devices of the other nodes, as this node sees them. */
function formatReadiness({ devices, ready, failing }: NonNullable<StatusView["readiness"]>): string {
  if (devices === 0) return "none to look at";
  const waiting = devices - ready - failing;
  const words = [
    `${ready} of ${devices} answered this node`,
    ...(failing === 0 ? [] : [`${failing} failed: see bouncer check`]),
    ...(waiting === 0 ? [] : [`${waiting} not looked at yet`]),
  ];
  return words.join(", ");
}

export function plural(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}
