/** `GET /metrics`: what a monitoring system alarms on. Read from the status when it is asked for. */
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { StatusView } from "../core/view/types.ts";

/** Things that only the daemon's edge knows. */
export interface EdgeFigures {
  readonly outboxWaiting: number;
  readonly journalWaiting: number;
  readonly logLinesDropped: number;
  readonly requestsPending: number;
}

export interface Metrics {
  countInput(type: string): void;
  countEffect(type: string): void;
  countAgentRun(result: string, tookMs: number): void;
  countReaderDropped(): void;
  text(status: StatusView, edge: EdgeFigures): Promise<string>;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const gauges = new Map<string, Gauge>();
  const counter = (name: string, help: string, labelNames: string[] = []): Counter =>
    new Counter({ name: `bouncer_${name}`, help, labelNames, registers });
  const inputs = counter("inputs_total", "inputs of the core", ["type"]);
  const effects = counter("effects_total", "effects of the core", ["type"]);
  const readersDropped = counter("event_readers_dropped_total", "event readers that were too slow");
  const agentRuns = new Histogram({
    name: "bouncer_agent_run_seconds",
    help: "runs of fence agents by their result",
    labelNames: ["result"],
    buckets: [0.1, 0.3, 1, 3, 10, 30, 60],
    registers,
  });

  function gauge(name: string, help: string, value: number | boolean): void {
    const known = gauges.get(name) ?? new Gauge({ name: `bouncer_${name}`, help, registers });
    gauges.set(name, known);
    known.set(Number(value));
  }

  return {
    countInput: (type) => inputs.inc({ type }),
    countEffect: (type) => effects.inc({ type }),
    countAgentRun: (result, tookMs) => agentRuns.observe({ result }, tookMs / 1_000),
    countReaderDropped: () => readersDropped.inc(),
    text(status, edge) {
      const stuck = status.victims.filter((victim) => victim.stage === "stuck").length;
      const frozenS = status.gate === "open" ? 0 : Math.max(0, status.at - status.gateSince) / 1_000;
      gauge("gate_open", "1: this node may use the storage", status.gate === "open");
      gauge("frozen_seconds", "how long the gate has been shut; 0: open", frozenS);
      gauge("joined", "1: this node is a member of the fence domain", status.joined);
      gauge("synced", "1: the members have compared notes", status.synced);
      gauge("quorate", "1: this node has a quorum", status.quorate);
      gauge("expelled", "1: this node was expelled", status.expelled);
      gauge("epoch", "number of the last established epoch", status.epoch);
      gauge("members", "members of the fence domain now", status.domain.memberCount);
      gauge("victims", "nodes that are not proven off", status.victims.length);
      gauge("victims_stuck", "victims that need a person", stuck);
      gauge("warnings", "things that are not right but stop nothing", status.warnings.length);
      gauge("config_version", "config_version of cluster.conf on this node", status.configVersion);
      gauge("outbox_waiting", "messages that the group has not taken yet", edge.outboxWaiting);
      gauge("journal_waiting", "writes that wait for the disk", edge.journalWaiting);
      gauge("log_lines_dropped", "log lines that nobody read in time", edge.logLinesDropped);
      gauge("requests_pending", "requests under way", edge.requestsPending);
      gauge("resident_bytes", "resident memory of bouncerd", process.memoryUsage.rss());
      return registry.metrics();
    },
  };
}
