/** The socket of a running demo: makes trouble on request of `bouncer demo`. One JSON line each way. */
import { type DemoReply, DemoRequest } from "../api/demo.ts";
import type { DemoCluster } from "./cluster.ts";
import { type LineServer, openLineServer } from "./line-server.ts";

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
