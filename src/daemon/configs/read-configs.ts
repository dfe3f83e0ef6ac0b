/** Reading configurations on behalf of the core and of people: in another thread, with this node's agents. */
import { withConfigVersion } from "../../config/config-version.ts";
import type { Change } from "../../config/diff/change.ts";
import { diffConfigs, isUsable } from "../../config/diff/diff-configs.ts";
import { configOf, type ParsedConfig } from "../../config/model.ts";
import type { AgentTraits } from "../../core/config.ts";
import type { Input } from "../../core/inputs.ts";
import type { ReadTree } from "../config-file.ts";
import type { TextStore } from "./text-store.ts";
import { type WeighPorts, weigh } from "./weigh.ts";

export interface ReadConfigs {
  check(bytes: Uint8Array): Promise<ParsedConfig>;
  /** Traits of the agents of a text that is kept. */
  traits(digest: string): Promise<readonly AgentTraits[]>;
  /** What the change from one to the other means; empty where one cannot be read. */
  changes(a: Uint8Array, b: Uint8Array): Promise<readonly Change[]>;
  /** Three effects of the core, each answered by exactly one input. */
  read(digest: string): void;
  weigh(digest: string): void;
  make(from: string, version: number): void;
}

export interface ReadConfigsPorts {
  readonly readTree: ReadTree;
  readonly texts: TextStore;
  readonly traits: () => Promise<readonly AgentTraits[]>;
  readonly prepare: () => Promise<void>;
  readonly inForce: () => string;
  readonly weighing: Omit<WeighPorts, "readTree">;
  readonly feed: (input: Input) => void;
}

export function createReadConfigs(ports: ReadConfigsPorts): ReadConfigs {
  const { readTree, texts, feed } = ports;

  async function traits(digest: string): Promise<readonly AgentTraits[]> {
    const { lines } = await texts.read(digest);
    const wanted = new Set(lines.agents());
    const all = await ports.traits();
    await ports.prepare();
    return all.filter(({ agent }) => wanted.has(agent));
  }

  async function readOne(digest: string): Promise<Input> {
    try {
      const { config } = await texts.read(digest);
      return { type: "config-read", digest, ok: true, config, traits: await traits(digest) };
    } catch (error) {
      return { type: "config-read", digest, ok: false, problem: oneLine(error) };
    }
  }

  async function weighOne(digest: string): Promise<Input> {
    try {
      const bytes = texts.bytes(digest);
      if (bytes === undefined) throw new Error("its text is not here any more");
      const old = await texts.read(ports.inForce()).catch(() => undefined);
      const found = await weigh(bytes, await texts.read(digest), old, { ...ports.weighing, readTree });
      return { type: "config-weighed", digest, ...found };
    } catch (error) {
      return { type: "config-weighed", digest, ok: false, problems: [oneLine(error)] };
    }
  }

  function makeOne(from: string, version: number): Input {
    const about = { type: "config-made", from, version } as const;
    const bytes = texts.bytes(from);
    if (bytes === undefined) return { ...about, ok: false, problem: "its text is not on this node" };
    const text = withConfigVersion(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes), version);
    if (text === undefined) return { ...about, ok: false, problem: "its text has no <cluster>" };
    return { ...about, ok: true, digest: texts.put(new TextEncoder().encode(text)) };
  }

  return {
    async check(bytes) {
      const tree = await readTree(bytes);
      return configOf(tree);
    },
    traits,
    async changes(a, b) {
      const [before, after] = [configOf(await readTree(a)), configOf(await readTree(b))];
      return isUsable(before) && isUsable(after) ? diffConfigs(before, after) : [];
    },
    read: (digest) => void readOne(digest).then(feed),
    weigh: (digest) => void weighOne(digest).then(feed),
    make: (from, version) => feed(makeOne(from, version)),
  };
}

function oneLine(error: unknown): string {
  return (error as Error).message
    .replace(/ \([A-Z_]+\)$/, "")
    .replaceAll(/\s*\n\s*/g, " ")
    .slice(0, 300);
}
