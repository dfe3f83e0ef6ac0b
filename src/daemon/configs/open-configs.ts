/** Everything of a daemon that is about configurations, wired together. */
import { AGENT_FOLDERS } from "../../agents/external/external-agents.ts";
import { loadBuiltin } from "../../agents/frame/builtin.ts";
import { describeBuiltin } from "../../agents/frame/describe.ts";
import type { ReplyResult } from "../../core/effects.ts";
import type { ConfigRequest, Input } from "../../core/inputs.ts";
import type { State } from "../../core/state.ts";
import type { Exec } from "../../ports/exec.ts";
import type { Journal } from "../../ports/journal.ts";
import type { DaemonAgents } from "../agents.ts";
import type { ReadTree } from "../config-file.ts";
import type { Story } from "../story.ts";
import { createDiskFile, type DiskFile } from "./disk-file.ts";
import { createTextFinder } from "./find-text.ts";
import { lookAtNode } from "./node-facts.ts";
import { createReadConfigs, type ReadConfigs } from "./read-configs.ts";
import { type ConfigService, createConfigService } from "./service.ts";
import type { TextStore } from "./text-store.ts";

export interface ConfigsPorts {
  readonly path: string;
  readonly local: string;
  readonly readTree: ReadTree;
  readonly texts: TextStore;
  readonly agents: DaemonAgents;
  readonly exec: Exec;
  readonly journal: Journal;
  readonly state: () => State;
  readonly now: () => number;
  readonly feed: (input: Input) => void;
  readonly ask: (request: ConfigRequest) => Promise<ReplyResult>;
  readonly story: Story;
  readonly onChange: () => void;
}

export interface Configs {
  readonly reader: ReadConfigs;
  readonly file: DiskFile;
  readonly service: ConfigService;
}

export function openConfigs(ports: ConfigsPorts): Configs {
  const { path, texts, agents, exec, journal, state, feed } = ports;
  const library = {
    builtin: async (name: string) => {
      const agent = await loadBuiltin(name);
      return agent === undefined ? undefined : describeBuiltin(agent);
    },
    isInstalled: async (name: string) => (await exec.find(name, AGENT_FOLDERS)) !== undefined,
    metadata: agents.metadata,
  };
  const reader = createReadConfigs({
    readTree: ports.readTree,
    texts,
    traits: agents.traits,
    prepare: agents.prepare,
    inForce: () => state().config.digest,
    weighing: {
      facts: (questions) => lookAtNode(questions, library),
      run: agents.run,
      local: ports.local,
    },
    feed,
  });
  const file = createDiskFile({
    path,
    bytes: texts.bytes,
    isKnown: async (digest) =>
      state().ledger.configs.activated.some((one) => one.digest === digest) ||
      (await journal.configText(digest)) !== undefined,
    story: ports.story,
    onChange: ports.onChange,
  });
  const find = createTextFinder({ state, path, texts, journal });
  const service = createConfigService({
    state,
    now: ports.now,
    texts,
    reader,
    find,
    file,
    journal,
    ask: ports.ask,
  });
  return { reader, file, service };
}
