/**
 * `GET /metrics`: what a monitoring system alarms on. Gauges are read from the status when somebody
 * asks. By hand, because the usual library takes 8 MB of memory for these few lines.
 */
import type { ReadinessView } from "../core/readiness/view.ts";
import type { StatusView } from "../core/view/types.ts";
import { type Family, formatFamilies, type Sample } from "./metrics-text.ts";
import { readinessGauges } from "./readiness/gauges.ts";

/** Things that only the daemon's edge knows. */
export interface EdgeFigures {
  readonly outboxWaiting: number;
  readonly journalWaiting: number;
  readonly logLinesDropped: number;
  readonly requestsPending: number;
  readonly readiness: ReadinessView;
}

export interface Metrics {
  countInput(type: string): void;
  countEffect(type: string): void;
  countAgentRun(result: string, tookMs: number): void;
  countReaderDropped(): void;
  text(status: StatusView, edge: EdgeFigures): string;
}

/** Upper bounds of the buckets of agent runs. Units: s. */
const BUCKETS = [0.1, 0.3, 1, 3, 10, 30, 60];

interface Runs {
  count: number;
  seconds: number;
  /** One per bucket, cumulative. */
  readonly within: number[];
}

export function createMetrics(): Metrics {
  const inputs = new Map<string, number>();
  const effects = new Map<string, number>();
  const runs = new Map<string, Runs>();
  let readersDropped = 0;
  const count = (map: Map<string, number>, key: string): unknown => map.set(key, (map.get(key) ?? 0) + 1);

  return {
    countInput: (type) => void count(inputs, type),
    countEffect: (type) => void count(effects, type),
    countAgentRun(result, tookMs) {
      const seconds = tookMs / 1_000;
      const known = runs.get(result) ?? { count: 0, seconds: 0, within: BUCKETS.map(() => 0) };
      known.count++;
      known.seconds += seconds;
      BUCKETS.forEach((bound, index) => {
        if (seconds <= bound) known.within[index] = (known.within[index] ?? 0) + 1;
      });
      runs.set(result, known);
    },
    countReaderDropped: () => void readersDropped++,
    text: (status, edge) =>
      formatFamilies([
        ...statusGauges(status),
        ...readinessGauges(edge.readiness),
        gauge("outbox_waiting", "messages that the group has not taken yet", edge.outboxWaiting),
        gauge("journal_waiting", "writes that wait for the disk", edge.journalWaiting),
        gauge("requests_pending", "requests under way", edge.requestsPending),
        gauge("resident_bytes", "resident memory of bouncerd", process.memoryUsage.rss()),
        counter("log_lines_dropped_total", "log lines that nobody read in time", [
          { value: edge.logLinesDropped },
        ]),
        counter("event_readers_dropped_total", "event readers that were too slow", [
          { value: readersDropped },
        ]),
        counter("inputs_total", "inputs of the core", byType(inputs)),
        counter("effects_total", "effects of the core", byType(effects)),
        {
          name: "agent_run_seconds",
          help: "runs of fence agents by their result",
          type: "histogram",
          samples: [...runs].flatMap(([result, known]) => histogram(result, known)),
        },
      ]),
  };
}

function statusGauges(status: StatusView): Family[] {
  const frozenS = status.gate === "open" ? 0 : Math.max(0, status.at - status.gateSince) / 1_000;
  const stuck = status.victims.filter((victim) => victim.stage === "stuck").length;
  return [
    gauge("gate_open", "1: this node may use the storage", status.gate === "open"),
    gauge("frozen_seconds", "how long the gate has been shut; 0: open", frozenS),
    gauge("joined", "1: this node is a member of the fence domain", status.joined),
    gauge("synced", "1: the members have compared notes", status.synced),
    gauge("quorate", "1: this node has a quorum", status.quorate),
    gauge("expelled", "1: this node was expelled", status.expelled),
    gauge("epoch", "number of the last established epoch", status.epoch),
    gauge("members", "members of the fence domain now", status.domain.memberCount),
    gauge("victims", "nodes that are not proven off", status.victims.length),
    gauge("victims_stuck", "victims that need a person", stuck),
    gauge("warnings", "things that are not right but stop nothing", status.warnings.length),
    gauge("config_version", "config_version of cluster.conf on this node", status.configVersion),
  ];
}

function gauge(name: string, help: string, value: number | boolean): Family {
  return { name, help, type: "gauge", samples: [{ value: Number(value) }] };
}

function counter(name: string, help: string, samples: readonly Sample[]): Family {
  return { name, help, type: "counter", samples };
}

function byType(map: ReadonlyMap<string, number>): Sample[] {
  return [...map].map(([type, value]) => ({ labels: { type }, value }));
}

function histogram(result: string, { count, seconds, within }: Runs): Sample[] {
  const buckets = BUCKETS.map((bound, index) => ({
    suffix: "_bucket",
    labels: { result, le: String(bound) },
    value: within[index] ?? 0,
  }));
  return [
    ...buckets,
    { suffix: "_bucket", labels: { result, le: "+Inf" }, value: count },
    { suffix: "_sum", labels: { result }, value: seconds },
    { suffix: "_count", labels: { result }, value: count },
  ];
}
