/** What the stories have in common: waiting for a state of the cluster, and what must be true in it. */
import type { Incident } from "../core/ledger.ts";
import type { StatusView } from "../core/view/types.ts";
import type { CommandResult, Stage, StoryTimings } from "./stage.ts";

/** Units: ms. For whatever the cluster does by itself; a whole boot of a node included. */
export const PATIENCE_MS = 60_000;
/** Units: ms. For what has to wait until agents have run out of their budgets. */
export const LONG_PATIENCE_MS = 150_000;

/** Units: ms. A file tells nobody that it grew. */
const LOOK_EVERY_MS = 50;

/** Throws the sentence when the claim does not hold. */
export function claim(holds: boolean, sentence: string): void {
  if (!holds) throw new Error(sentence);
}

export function idOf(node: string): number {
  return Number(node.slice(-2));
}

export function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}

/** The named nodes are the members of the newest epoch, and the gate is open on this node. */
export function isOpenFor(status: StatusView, nodes: readonly string[]): boolean {
  const ids = nodes.map(idOf);
  return status.gate === "open" && status.joined && sameNumbers(status.domain.members, ids);
}

/** Until all the named nodes, and only they, are members with an open gate, each by its own word. */
export async function allOpen(stage: Stage, nodes: readonly string[] = stage.nodes): Promise<void> {
  const what = `storage is open with ${nodes.join(", ")} as members`;
  await Promise.all(
    nodes.map((node) => stage.until(node, what, (status) => isOpenFor(status, nodes), LONG_PATIENCE_MS)),
  );
}

/** {@link allOpen}, and every workload has written: only then a fault hits something. */
export async function allAtWork(stage: Stage, nodes: readonly string[] = stage.nodes): Promise<void> {
  await allOpen(stage, nodes);
  await Promise.all(nodes.map((node) => hasWritten(stage, node, stage.mark())));
}

/** Until the node's workload has written since the mark. */
export async function hasWritten(stage: Stage, node: string, mark: number): Promise<void> {
  const attempts = PATIENCE_MS / LOOK_EVERY_MS;
  for (let attempt = 0; attempt < attempts; attempt++) {
    if ((await stage.writesSince(node, mark)) > 0) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  throw new Error(`the workload of ${node} does not write although its gate is open`);
}

export function victimIn(status: StatusView, node: string): StatusView["victims"][number] | undefined {
  return status.victims.find((victim) => victim.name === node);
}

/** Until the gate of every watcher is shut because of this victim. */
export async function heldFor(
  stage: Stage,
  watchers: readonly string[],
  victim: string,
): Promise<StatusView> {
  const seen = await Promise.all(
    watchers.map((node) =>
      stage.until(
        node,
        `storage is held because of ${victim}`,
        (status) => status.gate === "frozen" && victimIn(status, victim) !== undefined,
        PATIENCE_MS,
      ),
    ),
  );
  return seen[0] as StatusView;
}

/** Until an incident about the node is closed, as this watcher sees it; its certificate. */
export async function certificateOf(stage: Stage, watcher: string, node: string): Promise<Incident> {
  await stage.until(
    watcher,
    `the incident about ${node} is closed`,
    (status) => status.nodes.find((other) => other.name === node)?.lastFenced !== undefined,
    LONG_PATIENCE_MS,
  );
  return closedIncident(stage, watcher, node);
}

async function closedIncident(stage: Stage, watcher: string, node: string): Promise<Incident> {
  // The journal is written beside the rest and may lag: the newest word of the status is awaited above.
  const incident = (await historyOf(stage, watcher)).find((other) => other.name === node);
  if (incident === undefined) throw new Error(`${watcher}'s history lacks the incident about ${node}`);
  return incident;
}

/** Newest first. */
export async function historyOf(stage: Stage, watcher: string): Promise<readonly Incident[]> {
  const { stdout } = await succeed(stage, watcher, ["bouncer", "history", "--json"]);
  return (JSON.parse(stdout) as { incidents: readonly Incident[] }).incidents;
}

export async function succeed(
  stage: Stage,
  node: string,
  command: readonly string[],
): Promise<CommandResult> {
  const result = await stage.run(node, command);
  if (result.code === 0) return result;
  throw new Error(`${command.join(" ")} on ${node} exited with ${result.code}: ${result.stderr.trim()}`);
}

/** A victim's step may end between two questions: then they are asked anew. */
const ASKS_MAX = 5;

/** What `bouncer why` says on the node, in lines, after checking that it is a real explanation. */
export async function whyHeld(stage: Stage, node: string, about: string): Promise<readonly string[]> {
  let problem = "";
  for (let asked = 0; asked < ASKS_MAX; asked++) {
    const before = await stage.status(node);
    const { stdout } = await succeed(stage, node, ["bouncer", "why"]);
    const after = await stage.status(node);
    const problems = [before, after].map((status) => whatLacks(status, about, stdout));
    if (problems.includes("")) return stdout.trimEnd().split("\n");
    problem = problems[0] as string;
  }
  throw new Error(`${problem}, asked ${ASKS_MAX} times`);
}

/** Compares what the command printed with one status; empty when nothing lacks. */
function whatLacks(status: StatusView, about: string, stdout: string): string {
  const cause = status.why.find((other) => other.node === about || other.code === about);
  if (cause === undefined) return `${status.node} does not explain the freeze with ${about}`;
  const said = oneLine(stdout);
  const parts = {
    reason: cause.reason,
    end: cause.endsWhen,
    step: cause.step,
    node: cause.node ?? cause.step,
  };
  for (const [part, text] of Object.entries(parts)) {
    if (text === "" || !said.includes(oneLine(text))) {
      return `bouncer why on ${status.node} does not tell the ${part}: ${stdout}`;
    }
  }
  return "";
}

/**
 * The same explanation from the status itself, for a freeze that is over before a command has started:
 * the words that `bouncer why` prints come from there.
 */
export function explained(status: StatusView, about: string): readonly string[] {
  const cause = status.why.find((other) => other.node === about || other.code === about);
  if (cause === undefined) throw new Error(`${status.node} does not explain the freeze with ${about}`);
  const { step, reason, endsWhen } = cause;
  claim(step !== "" && reason !== "" && endsWhen !== "", `${status.node} explains ${about} in part only`);
  return [`${about}: ${step}`, `holds because ${reason}`, `ends when ${endsWhen}`];
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** Nobody's power was touched by a device. */
export async function nobodyWasShot(stage: Stage): Promise<void> {
  for (const node of stage.nodes) {
    const count = await stage.offCount(node);
    claim(count === 0, `${node} was switched off ${count} times although nobody should have been fenced`);
  }
}

/** Ends a story: the old tool's words are clean on every one of the nodes. Returns one of the outputs. */
export async function endsClean(stage: Stage, nodes: readonly string[] = stage.nodes): Promise<string> {
  await allOpen(stage, nodes);
  const outputs = await Promise.all(nodes.map((node) => stage.run(node, ["fence_tool", "ls"])));
  const master = (await stage.status(nodes[0] as string)).master;
  const expected = formatLs({
    count: nodes.length,
    victims: 0,
    now: 0,
    master,
    wait: "none",
    members: nodes.map(idOf),
  });
  outputs.forEach(({ stdout }, index) => {
    claim(stdout === expected, `fence_tool ls on ${nodes[index]} is not clean:\n${stdout}`);
  });
  return expected;
}

export interface LsWords {
  readonly count: number;
  readonly victims: number;
  readonly now: number;
  readonly master: number;
  readonly wait: string;
  readonly members: readonly number[];
}

/** `fence_tool ls` as the old tool printed it. */
export function formatLs({ count, victims, now, master, wait, members }: LsWords): string {
  return [
    "fence domain",
    `member count  ${count}`,
    `victim count  ${victims}`,
    `victim now    ${now}`,
    `master nodeid ${master}`,
    `wait state    ${wait}`,
    `members       ${members.map((id) => `${id} `).join("")}`,
    "",
    "",
  ].join("\n");
}

/** From the fault to the freeze, the first shot, the proof and the open gate. */
export function timingsOf(
  faultAt: number,
  held: StatusView,
  incident: Incident,
  opened: StatusView,
): StoryTimings {
  const [first] = incident.steps;
  const proof = incident.evidence.find((item) => item.grade !== "H");
  return {
    lost_ms: Math.round(held.gateSince - faultAt),
    ...(first === undefined ? {} : { fence_start_ms: Math.round(first.at - first.tookMs - faultAt) }),
    ...(proof === undefined ? {} : { off_ms: Math.round(proof.at - faultAt) }),
    thaw_ms: Math.round(opened.gateSince - faultAt),
  };
}

/** Until the watcher's gate is open again. */
export function opened(stage: Stage, watcher: string): Promise<StatusView> {
  return stage.until(watcher, "storage is open again", (status) => status.gate === "open", LONG_PATIENCE_MS);
}
