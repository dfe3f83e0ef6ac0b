/** The socket of a running demo: makes trouble on request of `bouncer demo`. One JSON line each way. */
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { z } from "zod";
import type { DemoCluster } from "./cluster.ts";
import { type LineServer, openLineServer } from "./line-server.ts";

/** Units: ms. An orderly end of a daemon is the longest that a request may take. */
const ANSWER_MS_MAX = 60_000;

const fault = z.discriminatedUnion("type", [
  z.strictObject({ type: z.enum(["none", "fails", "hangs", "lies"]) }),
  z.strictObject({ type: z.literal("blind"), to: z.array(z.string()).min(1).max(16) }),
]);

const DemoRequest = z.discriminatedUnion("op", [
  z.strictObject({
    op: z.enum([
      "cut",
      "heal",
      "crash",
      "hang",
      "resume",
      "freeze-disk",
      "thaw-disk",
      "daemon-crash",
      "daemon-start",
    ]),
    node: z.string(),
  }),
  z.strictObject({ op: z.enum(["power", "workload"]), node: z.string(), state: z.enum(["on", "off"]) }),
  z.strictObject({ op: z.literal("device"), node: z.string(), fault }),
  z.strictObject({ op: z.literal("split"), groups: z.array(z.array(z.string())).min(1) }),
  z.strictObject({ op: z.enum(["heal-all", "describe"]) }),
]);
export type DemoRequest = z.infer<typeof DemoRequest>;

const DemoReply = z.union([
  z.strictObject({
    ok: z.literal(true),
    root: z.string(),
    shared: z.string(),
    nodes: z.array(z.strictObject({ name: z.string(), power: z.enum(["on", "off"]), socket: z.string() })),
  }),
  z.strictObject({ ok: z.literal(false), problem: z.string() }),
]);
export type DemoReply = z.infer<typeof DemoReply>;

export function openControl(cluster: DemoCluster): Promise<LineServer> {
  return openLineServer(cluster.layout.control, async (raw) => {
    await perform(cluster, DemoRequest.parse(raw));
    return { reply: describe(cluster) };
  });
}

function describe({ layout, unit }: DemoCluster): DemoReply {
  const nodes = layout.nodes.map(({ name, socket }) => ({
    name,
    socket,
    power: unit(name).machine.isOn ? ("on" as const) : ("off" as const),
  }));
  return { ok: true, root: layout.root, shared: layout.shared, nodes };
}

async function perform(cluster: DemoCluster, request: DemoRequest): Promise<unknown> {
  const { hub, unit, nodeId } = cluster;
  switch (request.op) {
    case "describe":
      return;
    case "heal-all":
      return hub.healAll();
    case "split":
      return hub.split(request.groups.map((group) => group.map(nodeId)));
    case "cut":
      return hub.cut({ node: nodeId(request.node) });
    case "heal":
      return hub.heal({ node: nodeId(request.node) });
    case "device":
      return cluster.setDeviceFault(request.node, request.fault);
    case "power": {
      const { machine } = unit(request.node);
      return request.state === "on" ? machine.powerOn() : machine.powerOff();
    }
    case "crash":
      return unit(request.node).machine.powerOff();
    case "workload":
      return unit(request.node).machine.setWorkload(request.state);
    case "hang":
      return unit(request.node).machine.hang();
    case "resume":
      return unit(request.node).machine.resume();
    case "daemon-crash":
      return unit(request.node).machine.killDaemon();
    case "daemon-start":
      return unit(request.node).machine.startDaemon();
    case "freeze-disk":
      return unit(request.node).disk.freeze();
    case "thaw-disk":
      return unit(request.node).disk.thaw();
    default:
      return request satisfies never;
  }
}

/** Errors: rejects when nobody listens, or what listens is no demo. */
export async function askDemo(control: string, request: DemoRequest): Promise<DemoReply> {
  const socket = connect(control);
  socket.setTimeout(ANSWER_MS_MAX, () => socket.destroy(new Error("the demo does not answer")));
  socket.write(`${JSON.stringify(request)}\n`);
  return DemoReply.parse(JSON.parse(await text(socket)));
}
