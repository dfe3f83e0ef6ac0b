/** How a daemon's core begins: what its disk holds, and nothing known of the others. */
import { nodeNameOf } from "./config.ts";
import { createDesk } from "./configuration/desk.ts";
import { type Now, processKey } from "./ids.ts";
import type { Boot } from "./inputs.ts";
import { LEDGER_EMPTY } from "./ledger.ts";
import { fromClaims } from "./locks/own.ts";
import { PROTOCOL } from "./messages.ts";
import { type State, type Transition, WATCH_EMPTY } from "./state.ts";

export function bootState(boot: Boot, now: Now): Transition {
  const because = ["this node is not in the fence domain"];
  const { durable } = boot;
  const state: State = {
    seenUntil: now.mono,
    nodeId: boot.nodeId,
    processId: boot.processId,
    protocol: boot.protocol ?? PROTOCOL,
    incarnation: boot.incarnation,
    config: boot.config,
    traits: boot.traits,
    desk: createDesk(boot.file, boot.holds),
    ledger: {
      ...LEDGER_EMPTY,
      epoch: durable.epoch,
      departed: durable.epoch.departed,
      incidents: durable.incidents,
      configs: {
        activated: durable.configs,
        lastVersion: Math.max(durable.epoch.config.version, ...durable.configs.map((one) => one.version)),
      },
      lastAttempt: Math.max(0, ...durable.incidents.flatMap((i) => i.steps.map((s) => s.attempt))),
    },
    live: false,
    wants: boot.join ? "join" : "none",
    leaving: false,
    previousRing: "",
    movedWith: [processKey(boot)],
    lastMembers: [],
    durable: durable.epoch,
    gate: { open: false, since: now.wall, because },
    // An earlier run of the daemon may have opened it: this boot is in the record then.
    letGo: durable.epoch.members.some((m) => m.node === boot.nodeId && m.boot === boot.incarnation.boot),
    missedAt: new Map(),
    operations: [],
    requests: [],
    nextOpId: 1,
    locks: fromClaims(boot.held ?? []),
    watch: WATCH_EMPTY,
    garbage: new Map(),
  };
  const who = nodeNameOf(boot.config, boot.nodeId);
  return {
    state,
    effects: [
      { type: "freeze", because },
      {
        type: "log",
        level: "info",
        code: "start",
        text: `bouncerd starts on ${who} (node ${boot.nodeId}), last epoch ${durable.epoch.n}`,
      },
    ],
  };
}
