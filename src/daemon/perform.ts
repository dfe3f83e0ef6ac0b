/** What each effect of the core does to the world. Started in order, awaited by nobody. */

import { unreachable } from "../core/assert.ts";
import { nodeNameOf } from "../core/config.ts";
import type { Effect } from "../core/effects.ts";
import type { Input } from "../core/inputs.ts";
import type { LockEvent } from "../core/locks/types.ts";
import type { State } from "../core/state.ts";
import type { Journal } from "../ports/journal.ts";
import type { AgentRuns } from "./agent-runs.ts";
import type { ReadConfigs } from "./configs/read-configs.ts";
import type { GuardKeeper } from "./guard-keeper.ts";
import type { IncidentWriter } from "./incident-writer.ts";
import type { Metrics } from "./metrics.ts";
import type { Outbox } from "./outbox.ts";
import type { RequestDesk } from "./requests.ts";
import type { Story } from "./story.ts";

export interface World {
  readonly outbox: Pick<Outbox, "send">;
  readonly runs: Pick<AgentRuns, "start">;
  readonly journal: Pick<Journal, "saveEpoch" | "saveConfigs">;
  /** The texts of configurations, by digest. */
  readonly texts: { bytes(digest: string): Uint8Array | undefined };
  readonly configs: Pick<ReadConfigs, "read" | "weigh" | "make">;
  readonly incidents: Pick<IncidentWriter, "append" | "adopt">;
  readonly guards: Pick<GuardKeeper, "freeze" | "thaw">;
  readonly desk: Pick<RequestDesk, "answer">;
  /** Passes on to the owners of locks what became of their requests. */
  readonly tellOwners: (events: readonly LockEvent[]) => void;
  readonly story: Story;
  readonly metrics: Pick<Metrics, "countEffect">;
  readonly feed: (input: Input) => void;
  /** The state that the effect belongs to. */
  readonly state: () => State;
  /** Ends this process without another effect. */
  readonly exit: (code: number, why: string) => void;
}

export function createPerformer(world: World): (effect: Effect) => void {
  const { feed, story } = world;

  function persist({ epoch }: Effect & { type: "persist" }): void {
    const { n, proposer } = epoch;
    world.journal.saveEpoch(epoch, world.texts.bytes(epoch.config.digest)).then(
      () => feed({ type: "persisted", n, proposer }),
      (error: Error) => feed({ type: "persist-failed", n, problem: error.message }),
    );
  }

  return function perform(effect) {
    world.metrics.countEffect(effect.type);
    switch (effect.type) {
      case "multicast":
        if (!world.outbox.send(effect.message)) world.exit(70, "the group takes no messages any more");
        return;
      case "run-agent":
        return world.runs.start(effect, nodeNameOf(world.state().config, effect.node));
      case "freeze":
        return world.guards.freeze(effect.because);
      case "thaw":
        return world.guards.thaw(effect.epoch);
      case "persist":
        return persist(effect);
      case "journal":
        return world.incidents.append(effect.incidents);
      case "journal-adopt":
        return world.incidents.adopt(effect.incidents);
      case "journal-configs":
        // Nobody waits: what is in force is durable with its epoch, and the others remember the rest.
        return void world.journal
          .saveConfigs(effect.configs)
          .catch((error: Error) => story.say("warn", "journal-refused", error.message));
      case "read-config":
        return world.configs.read(effect.digest);
      case "weigh-config":
        return world.configs.weigh(effect.digest);
      case "make-config":
        return world.configs.make(effect.from, effect.version);
      case "lock-events":
        return world.tellOwners(effect.events);
      case "reply":
        return world.desk.answer(effect.id, effect.reply);
      case "log":
        return story.say(effect.level, effect.code, effect.text, effect.node);
      case "exit":
        return world.exit(effect.code, effect.why);
      default:
        return unreachable(effect);
    }
  };
}
