/** What `bouncer config show` prints: the configuration as decisions see it. */
import type { ClusterConfig, DeviceUse, MethodConfig, NodeConfig } from "../../core/config.ts";
import type { Millis } from "../../core/ids.ts";
import type { Paint } from "./paint.ts";
import { labelled, lines, table } from "./text.ts";

export interface ConfigTextOptions {
  readonly paint: Paint;
  readonly columns: number;
}

export function formatConfig(config: ClusterConfig, { paint, columns }: ConfigTextOptions): string {
  const say = (label: string, text: string): string[] => labelled(label, text, { indent: 0, columns });
  const votes = config.nodes.reduce((sum, node) => sum + node.votes, 0);
  const daemon = config.fenceDaemon;
  return lines([
    ...say("cluster", `${config.name}, version ${config.version}`),
    ...say("votes", `${votes}${config.twoNode ? ", two_node: one of the two may go on alone" : ""}`),
    ...say("delays", `${seconds(daemon.postFailDelayMs)} after a loss, ${joinDelay(daemon.postJoinDelayMs)}`),
    ...say("evidence", `${daemon.evidence} or better`),
    ...say("digest", config.digest),
    "",
    ...table(["ID", "NODE", "VOTES", "FENCED BY"], config.nodes.map(row), { paint, right: [0, 2] }),
  ]);
}

function joinDelay(delayMs: Millis): string {
  return `${seconds(delayMs)} after a start or when members come with the loss`;
}

/** Shape: -1 is for ever, as in the file. */
function seconds(delayMs: Millis): string {
  return delayMs < 0 ? "for ever" : `${delayMs / 1_000} s`;
}

function row(node: NodeConfig): readonly string[] {
  return [String(node.id), node.name, String(node.votes), methodsText(node.methods)];
}

function methodsText(methods: readonly MethodConfig[]): string {
  if (methods.length === 0) return "no device: storage stays held until a person acts";
  return methods.map(({ name, devices }) => `${name} (${devices.map(useText).join(" + ")})`).join(", else ");
}

function useText({ device, agent, action, plug }: DeviceUse): string {
  const outlet = plug === "" ? "" : ` ${plug}`;
  const does = action === undefined ? "" : ` ${action}`;
  return `${device}${outlet}${does} by ${agent}`;
}
