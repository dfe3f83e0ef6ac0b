/** The configuration in force at the edge: follows the file, changes together with the core's. */
import type { AgentTraits } from "../core/config.ts";
import type { Input } from "../core/inputs.ts";
import type { State } from "../core/state.ts";
import type { AgentUse } from "../ports/agent-parameters.ts";
import { agentUsesOf, type LoadedConfig } from "./config-file.ts";
import type { Story } from "./story.ts";

export interface ConfigKeeper {
  /** Whose parameters the agents get. */
  inForce(): LoadedConfig;
  /** Reads the file; a broken one is reported and changes nothing. Never rejects. */
  reload(): Promise<void>;
  /** Of the configuration in force and of one that waits. */
  agentUses(): readonly AgentUse[];
  /** The state changed: a configuration that waited may come into force. */
  onStep(state: State): void;
  /** What is wrong with the file now, while the old configuration is in force. */
  problem(): string | undefined;
}

export interface ConfigKeeperPorts {
  readonly first: LoadedConfig;
  readonly load: () => Promise<LoadedConfig>;
  readonly traits: () => Promise<readonly AgentTraits[]>;
  readonly feed: (input: Input) => void;
  readonly state: () => State;
  readonly story: Story;
}

/**
 * A run of an agent is named by positions in the configuration. So a new one comes into force only
 * when no operation is under way on this node: none gets the parameters of another device.
 */
export function createConfigKeeper({
  first,
  load,
  traits,
  feed,
  state,
  story,
}: ConfigKeeperPorts): ConfigKeeper {
  let inForce = first;
  let candidate: LoadedConfig | undefined;
  let next: { readonly loaded: LoadedConfig; readonly traits: readonly AgentTraits[] } | undefined;
  let problem: string | undefined;

  function applyWhenIdle(at: State): void {
    if (next === undefined || at.operations.length > 0) return;
    inForce = next.loaded;
    const { config } = inForce;
    feed({ type: "config", config, traits: next.traits });
    next = undefined;
    candidate = undefined;
  }

  async function take(loaded: LoadedConfig): Promise<void> {
    if (loaded.config.digest === (candidate ?? inForce).config.digest) return;
    story.say("info", "config-read", `read version ${loaded.config.version} of the configuration`);
    for (const warning of loaded.warnings) story.say("warn", "config-warning", warning);
    candidate = loaded;
    // Without them a fabric agent would be taken for a power agent, and switched on again.
    next = { loaded, traits: await traits() };
    applyWhenIdle(state());
  }

  return {
    inForce: () => inForce,
    agentUses: () =>
      agentUsesOf([inForce, ...(candidate === undefined ? [] : [candidate])].map((one) => one.lines)),
    problem: () => problem,
    onStep: applyWhenIdle,
    async reload() {
      try {
        const loaded = await load();
        problem = undefined;
        await take(loaded);
      } catch (error) {
        const text = (error as Error).message;
        if (text === problem) return;
        problem = text;
        story.say(
          "error",
          "config-refused",
          `the old configuration stays in force: ${text.replaceAll("\n", " ")}`,
        );
      }
    },
  };
}
