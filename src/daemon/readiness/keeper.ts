/** Runs the readiness: one input at a time, one timer, looks and reports started and awaited by nobody. */
import { nodeById, nodeNameOf } from "../../core/config.ts";
import type { Millis, NodeId } from "../../core/ids.ts";
import { anyRefusalOf, refusalOf } from "../../core/readiness/alarms.ts";
import type { ReadinessEffect, ReadinessInput, ReadinessState } from "../../core/readiness/state.ts";
import { readinessDeadline, startReadiness, stepReadiness } from "../../core/readiness/step.ts";
import type { Machine, ReadinessReport } from "../../core/readiness/types.ts";
import { type ReadinessView, readinessView } from "../../core/readiness/view.ts";
import type { State } from "../../core/state.ts";
import type { AgentRequest, AgentRunner } from "../../ports/agent-runner.ts";
import type { Story } from "../story.ts";
import { hasSameParts, sameSituation, situationOf } from "./situation.ts";

export interface ReadinessKeeper {
  /** The core's state is another. */
  onStep(state: State): void;
  onReport(from: NodeId, report: ReadinessReport): void;
  view(): ReadinessView;
  /** For the status: does not change with every look. */
  summary(): { readonly devices: number; readonly ready: number; readonly failing: number };
  warnings(): readonly string[];
  /** Why this line must not be used; undefined: it may. */
  refusal(request: Pick<AgentRequest, "node" | "method" | "device" | "config">): string | undefined;
  start(): void;
  close(): void;
}

export interface ReadinessPorts {
  readonly self: NodeId;
  readonly state: () => State;
  /** Monotonic. */
  readonly now: () => Millis;
  readonly wakeAt: (deadline: Millis, wake: () => void) => () => void;
  readonly agents: Pick<AgentRunner, "run">;
  /** Sends when the group has nothing else to do; a report that is not sent is no loss. */
  readonly tell: (report: ReadinessReport) => void;
  readonly machine: () => Promise<Machine>;
  readonly story: Pick<Story, "say">;
  /** Something that the status shows is another. */
  readonly onChange: () => void;
}

export function createReadiness(ports: ReadinessPorts): ReadinessKeeper {
  let situation = situationOf(ports.state());
  let readiness = startReadiness(ports.self, situation, ports.now());
  let before: State | undefined;
  let cancelWake = (): void => {};
  let running = false;

  function feed(input: ReadinessInput): void {
    if (!running) return;
    const known = readiness;
    const effects = decide(input);
    for (const effect of effects) perform(effect);
    cancelWake();
    const deadline = readinessDeadline(readiness);
    cancelWake = Number.isFinite(deadline)
      ? ports.wakeAt(deadline, () => feed({ type: "tick" }))
      : (): void => {};
    if (shownOf(known) !== shownOf(readiness)) ports.onChange();
  }

  /** A mistake in here ends the looking, and never the daemon: nothing that is true depends on it. */
  function decide(input: ReadinessInput): readonly ReadinessEffect[] {
    try {
      const { state, effects } = stepReadiness(readiness, input, ports.now());
      readiness = state;
      return effects;
    } catch (error) {
      running = false;
      readiness = { ...readiness, tellAt: Number.POSITIVE_INFINITY, records: new Map() };
      const text = `a bug: fence devices are not looked at any more: ${(error as Error).message}`;
      return [{ type: "say", level: "error", code: "readiness-broken", node: ports.self, text }];
    }
  }

  function perform(effect: ReadinessEffect): void {
    if (effect.type === "tell") ports.tell(effect.report);
    else if (effect.type === "say") ports.story.say(effect.level, effect.code, effect.text, effect.node);
    else void look(effect);
  }

  /** A runner never rejects; what comes of the look is an input. */
  async function look({ key, number, watched, identity, budgetMs }: ReadinessEffect & { type: "look" }) {
    const { node, method, device } = watched;
    const name = nodeNameOf(readiness.config, node);
    const config = readiness.config.digest;
    const request = { config, node: name, method, device, action: "status", budgetMs, look: { identity } };
    const {
      power = "unknown",
      result,
      kind,
      detail,
      tookMs,
      identity: told,
      notice,
    } = await ports.agents.run(request);
    const read = result === "ok" ? power : "unknown";
    feed({
      type: "looked",
      key,
      number,
      look: {
        power: read,
        detail,
        tookMs,
        ...(kind === undefined ? {} : { kind }),
        ...(told === undefined ? {} : { identity: told }),
        ...(notice === undefined ? {} : { notice }),
      },
    });
  }

  return {
    onStep(state) {
      // Called for every input of the core: most change nothing of what matters here.
      if (before !== undefined && hasSameParts(before, state)) return;
      before = state;
      const next = situationOf(state);
      if (sameSituation(situation, next)) return;
      const isNewView = next.ring !== situation.ring;
      situation = next;
      feed({ type: "situation", situation, isNewView });
    },
    onReport: (from, report) => feed({ type: "report", from, report }),
    view: () => readinessView(readiness, ports.state(), ports.now()),
    summary() {
      const standings = [...readiness.records.values()].map(({ standing }) => standing);
      const count = (wanted: string): number => standings.filter((one) => one === wanted).length;
      return { devices: standings.length, ready: count("ready"), failing: count("failing") };
    },
    warnings: () => readiness.alarms.map(({ text }) => text),
    refusal({ node: name, method, device, config }) {
      if (method === "unfence") return undefined;
      const node = readiness.config.nodes.find((one) => one.name === name)?.id ?? 0;
      // Positions of another configuration mean other devices: none of the node's is then above doubt.
      if (config !== undefined && config !== readiness.config.digest) return anyRefusalOf(readiness, node);
      const use = nodeById(readiness.config, node)?.methods[method]?.devices[device];
      return refusalOf(readiness, node, method, use);
    },
    start() {
      running = true;
      situation = situationOf(ports.state());
      feed({ type: "situation", situation, isNewView: true });
      void ports.machine().then((machine) => feed({ type: "machine", machine }));
    },
    close() {
      running = false;
      cancelWake();
    },
  };
}

/** What the status shows of it: equal texts, nothing new. */
function shownOf({ alarms, records }: ReadinessState): string {
  return [...alarms.map(({ text }) => text), ...[...records.values()].map(({ standing }) => standing)].join(
    "\n",
  );
}
