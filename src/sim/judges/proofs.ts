/**
 * I2 and I3 against ground truth: what devices really told, to whom, about which boot of the machine.
 * Evidence that nothing stands behind is found when it is sent, and again when it ends an incident.
 */
import type { Millis, NodeId } from "../../core/ids.ts";
import type { Evidence, Incident } from "../../core/ledger.ts";
import type { Body } from "../../core/messages.ts";
import type { AgentTold, Inside, Judges, SimNode } from "../types.ts";
import { broken } from "./broken.ts";
import { bootNumber, isEnough } from "./words.ts";

/** Two readings nearer to one another are one. */
const APART_MS: Millis = 100;

/** Readings of "off" in a row, as one attempt got them from one device. */
interface OffReadings {
  readonly firstAt: Millis;
  lastAt: Millis;
  count: number;
  /** Boots of the target so far, at the first of them. */
  readonly boots: number;
}

type Result = Extract<Body, { type: "fence-result" }>;

export function createProofJudge(world: () => Inside): Partial<Judges> {
  const readings = new Map<string, OffReadings>();
  /** The boot count of the target when a piece of evidence was gathered. */
  const gathered = new Map<string, number>();
  const seen = new Set<string>();
  // After a cold start attempts are counted anew: the target belongs to the name of one.
  const key = ({ id, starts }: SimNode, target: NodeId, attempt: number, device: string): string =>
    `${id} ${starts} ${target} ${attempt} ${device}`;
  const name = ({ by, at, source }: Evidence): string => `${by} ${at} ${source}`;

  function onTold({ executor, target, opId, device, action, power }: AgentTold): void {
    const operation = executor.core?.operations.find((one) => one.opId === opId);
    if (operation === undefined) return; // Only somebody who looks.
    const about = key(executor, target.id, operation.attempt, device);
    if (action !== "status" && action !== "monitor") {
      if (action !== "on") readings.delete(about); // What was read before says nothing of what follows.
      return;
    }
    const known = readings.get(about);
    const now = world().queue.now();
    if (power !== "off") readings.delete(about);
    else if (known === undefined) {
      readings.set(about, { firstAt: now, lastAt: now, count: 1, boots: target.boots });
    } else if (now - known.lastAt >= APART_MS) {
      known.lastAt = now;
      known.count++;
    }
  }

  function needReadings(node: SimNode, body: Result): void {
    const last = body.steps.at(-1);
    const about = node.core?.config.nodes.find((one) => one.id === body.node);
    const uses = about?.methods[last?.methodIndex ?? -1]?.devices;
    if (last === undefined || uses === undefined) return;
    for (const device of new Set(uses.map((use) => use.device))) {
      const found = readings.get(key(node, body.node, body.attempt, device));
      if (found !== undefined && found.count >= 2) continue;
      broken(
        "I2",
        `node ${node.id} has proof of grade A for node ${body.node} after ${found?.count ?? 0} readings of off by ${device}`,
      );
    }
  }

  function onResult(node: SimNode, body: Result): void {
    const target = world().nodes.get(body.node);
    for (const item of body.evidence) {
      if (gathered.has(name(item)) || item.by !== node.id) continue;
      const of = [...readings].filter(([about]) => about.startsWith(key(node, body.node, body.attempt, "")));
      const boots = of.map(([, found]) => found.boots);
      gathered.set(name(item), Math.min(target?.boots ?? 0, ...boots));
      if (item.grade === "A" && body.ok) needReadings(node, body);
    }
  }

  function onClosed(node: SimNode, incidents: readonly Incident[]): void {
    const inside = world();
    for (const incident of incidents) {
      if (seen.has(incident.hash)) continue; // The others hear of it later.
      seen.add(incident.hash);
      if (incident.how === "reunited") continue;
      const demands = inside.list.flatMap(({ core }) =>
        core === undefined ? [] : [core.config.fenceDaemon.evidence],
      );
      const enough = incident.evidence.filter((item) =>
        demands.some((demand) => isEnough(item.grade, demand)),
      );
      if (enough.length === 0) {
        const grades = incident.evidence.map((item) => item.grade).join(", ") || "none";
        broken("I2", `node ${node.id} closes incident ${incident.seq} with evidence of grade ${grades}`);
      }
      if (incident.how === "agent" || incident.how === "external") needAge(node, incident, enough);
    }
  }

  /** Some of the proof is of the boot that failed, or of one after it. */
  function needAge(node: SimNode, incident: Incident, enough: readonly Evidence[]): void {
    const { incarnation } = incident;
    if (incarnation === undefined) return;
    const devices = enough.filter((item) => item.grade !== "H");
    const young = devices.some((item) => (gathered.get(name(item)) ?? 0) >= bootNumber(incarnation));
    if (young || devices.length === 0) return;
    broken(
      "I3",
      `node ${node.id} closes incident ${incident.seq} of ${incarnation.boot} with proof of an earlier boot: ${devices.map((item) => item.source).join("; ")}`,
    );
  }

  return {
    onTold,
    onClosed,
    onSend(node, { body }) {
      if (body.type === "fence-result") onResult(node, body);
    },
  };
}
