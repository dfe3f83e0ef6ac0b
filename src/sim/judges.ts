/**
 * The promises, looked at from outside: ground truth (power, what each node really does), never
 * what a core believes. Called after every effect of every node.
 */
import { assert } from "../core/assert.ts";
import { type Millis, type NodeId, sameIncarnation } from "../core/ids.ts";
import { byNode } from "../core/turn.ts";
import type { SimNode } from "./types.ts";

/** A node that writes, or would write the moment it is resumed. */
function mayWrite(node: SimNode): boolean {
  return node.power === "on" && node.writing && !node.excused;
}

export function judge(nodes: ReadonlyMap<NodeId, SimNode>, at: Millis): void {
  const writers = [...nodes.values()].filter(mayWrite);
  for (const writer of writers) {
    const epoch = writer.core?.ledger.epoch;
    if (writer.core === undefined || epoch === undefined) continue;
    assert(
      sameIncarnation(byNode(epoch.members, writer.id), writer.incarnation),
      "I2",
      `node ${writer.id} writes at ${at} ms without being in its own epoch ${epoch.n}`,
    );
    for (const other of writers) {
      if (other.writingSince >= writer.writingSince || other.id === writer.id) continue;
      assert(
        sameIncarnation(byNode(epoch.members, other.id), other.incarnation),
        "I1",
        `at ${at} ms node ${writer.id} writes in epoch ${epoch.n} without node ${other.id}, which writes since epoch ${other.writingSince}`,
      );
    }
  }
}
