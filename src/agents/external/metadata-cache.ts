import type { AgentMetadata, ParseAgentMetadata } from "../../ports/agent-metadata.ts";
import type { CancelSignal, Exec, Executable } from "../../ports/exec.ts";
import { METADATA_BUDGET_MS, METADATA_KEPT_MAX } from "./limits.ts";

export interface MetadataCache {
  /** What this very file said of itself earlier. Never waits. */
  known(executable: Executable): AgentMetadata | undefined;
  /** Asks it when need be, at most {@link METADATA_BUDGET_MS}. Undefined: it gave no usable answer. */
  read(executable: Executable): Promise<AgentMetadata | undefined>;
}

/** Remembers good answers until the file changes. A bad one is asked for again the next time. */
export function createMetadataCache(
  exec: Exec,
  parse: ParseAgentMetadata,
  cancel: CancelSignal,
): MetadataCache {
  const kept = new Map<string, AgentMetadata>();
  const asked = new Map<string, Promise<AgentMetadata | undefined>>();
  const keyOf = (executable: Executable): string => `${executable.file}\0${executable.stamp}`;

  async function ask(executable: Executable): Promise<AgentMetadata | undefined> {
    const result = await exec.run({
      file: executable.file,
      stdin: new TextEncoder().encode("action=metadata\n"),
      budgetMs: METADATA_BUDGET_MS,
      cancel,
    });
    if (result.exitCode !== 0 || result.timedOut || result.cancelled) return undefined;
    if (result.stdout.bytesLost > 0) return undefined;
    const metadata = await parse(result.stdout.head);
    if (metadata === undefined) return undefined;
    const oldest = kept.keys().next().value;
    if (kept.size >= METADATA_KEPT_MAX && oldest !== undefined) kept.delete(oldest);
    kept.set(keyOf(executable), metadata);
    return metadata;
  }

  return {
    known: (executable) => kept.get(keyOf(executable)),
    read(executable) {
      const key = keyOf(executable);
      const known = kept.get(key);
      if (known !== undefined) return Promise.resolve(known);
      const running = asked.get(key);
      if (running !== undefined) return running;
      const answer = ask(executable).finally(() => asked.delete(key));
      asked.set(key, answer);
      return answer;
    },
  };
}
