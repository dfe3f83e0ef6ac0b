/** Performs control requests: trouble made on purpose, by the demo and by tests. */
import type { NodeId } from "../../core/ids.ts";
import type { Links } from "./links.ts";
import type { ControlReply, ControlRequest, HubState } from "./protocol.ts";
import type { Presence } from "./seat.ts";
import type { Switchboard } from "./switchboard.ts";

export interface ControlContext {
  readonly links: Links;
  readonly switchboard: Switchboard;
  readonly tokenMs: number;
  /** First reason against an orderly shutdown, with the node that gives it. */
  veto(): string | undefined;
  /** Ends the hub, after the reply is written. */
  shutdown(): void;
  /** The node lost power: its connections end when the ring has given it up. */
  dropNode(node: NodeId): void;
}

export function performControl(request: ControlRequest, context: ControlContext): ControlReply {
  const { links, switchboard } = context;
  switch (request.op) {
    case "state":
      break;
    case "shutdown": {
      const because = context.veto();
      if (because !== undefined) return { ok: false, problem: `shutdown refused: ${because}` };
      context.shutdown();
      break;
    }
    case "crash":
      switchboard.crash(request.node);
      context.dropNode(request.node);
      break;
    default: {
      try {
        changeLinks(request, links, switchboard);
      } catch (error) {
        if (error instanceof RangeError) return { ok: false, problem: error.message };
        throw error;
      } finally {
        switchboard.settle();
      }
    }
  }
  return { ok: true, state: stateOf(context) };
}

type LinkRequest = Exclude<ControlRequest, { op: "state" | "shutdown" | "crash" }>;

function changeLinks(request: LinkRequest, links: Links, switchboard: Switchboard): void {
  switch (request.op) {
    case "cut-link":
      links.cut(request.from, request.to);
      break;
    case "heal-link":
      links.heal(request.from, request.to);
      break;
    case "cut-node":
      links.cutNode(request.node);
      break;
    case "heal-node":
      links.healNode(request.node);
      break;
    case "split": {
      const named = new Set(request.groups.flat());
      const rest = switchboard.seats.map((seat) => seat.process.nodeId).filter((node) => !named.has(node));
      links.split([...request.groups, [...new Set(rest)]]);
      break;
    }
    default:
      links.healAll();
  }
}

function stateOf({ links, switchboard, tokenMs }: ControlContext): HubState {
  return {
    tokenMs,
    processes: switchboard.seats.map((seat) => ({
      ...seat.process,
      presence: connectedPresence(seat.presence),
      ringId: seat.ring?.id ?? "",
      quorate: seat.quorate,
    })),
    cutLinks: links.cutLinks.map(([from, to]): [NodeId, NodeId] => [from, to]),
    cutNodes: [...links.cutNodes],
  };
}

function connectedPresence(presence: Presence): "up" | "silent" | "crashed" {
  return presence === "silent" || presence === "crashed" ? presence : "up";
}
