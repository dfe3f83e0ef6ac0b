/**
 * `cluster.conf` on this node's disk: written after a configuration came into force, and looked at, so
 * that a node whose file is another one says so. What is in force is never read from it.
 */
import { configVersionOf } from "../../config/config-version.ts";
import type { ConfigName } from "../../core/configuration/stamp.ts";
import type { State } from "../../core/state.ts";
import { readConfigFile } from "../config-file.ts";
import type { Story } from "../story.ts";
import { digestOf } from "./text-store.ts";
import { replaceFile, saveAside, takeAwayCandidate } from "./write-file.ts";

/** Units: ms. Pause before a disk that refused the file is asked again. */
const RETRY_MS = 30_000;

export type FileState = "unknown" | "same" | "older" | "newer" | "differs" | "missing" | "unreadable";

export interface FileStatus {
  readonly path: string;
  readonly state: FileState;
  /** Of the file, where it says one. */
  readonly version?: number;
  /** Why it was not read or not written. */
  readonly problem?: string;
}

export interface DiskFile {
  /** A configuration may have come into force. */
  onStep(state: State): void;
  /** The file may be another one. Never rejects. */
  look(): Promise<void>;
  status(): FileStatus;
  /** A sentence, when the file is not what is in force. */
  warning(): string | undefined;
  close(): void;
}

export interface DiskFilePorts {
  readonly path: string;
  readonly bytes: (digest: string) => Uint8Array | undefined;
  /** Was this a configuration that the cluster knows? Then nothing is lost with the file. */
  readonly isKnown: (digest: string) => Promise<boolean>;
  readonly story: Story;
  readonly onChange: () => void;
}

export function createDiskFile({ path, bytes, isKnown, story, onChange }: DiskFilePorts): DiskFile {
  let target: ConfigName | undefined;
  let status: FileStatus = { path, state: "unknown" };
  let working: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  function tell(next: Omit<FileStatus, "path">): void {
    const before = status;
    status = { path, ...next };
    if (before.problem !== next.problem && next.problem !== undefined)
      story.say("error", "config-file", `${path}: ${next.problem}`);
    if (JSON.stringify(before) !== JSON.stringify(status)) onChange();
  }

  function compare(file: Uint8Array): Omit<FileStatus, "path"> {
    const version = configVersionOf(new TextDecoder().decode(file));
    const given = version === undefined ? {} : { version };
    if (target === undefined) return { state: "unknown", ...given };
    if (digestOf(file) === target.digest) return { state: "same", ...given };
    if (version === undefined) return { state: "unreadable", problem: "it has no config_version" };
    if (version === target.version) return { state: "differs", version };
    return { state: version < target.version ? "older" : "newer", version };
  }

  async function readNow(): Promise<Uint8Array | "missing" | Error> {
    try {
      return await readConfigFile(path);
    } catch (error) {
      const missing = ((error as Error).cause as NodeJS.ErrnoException | undefined)?.code === "ENOENT";
      return missing ? "missing" : (error as Error);
    }
  }

  async function lookNow(): Promise<Uint8Array | undefined> {
    const file = await readNow();
    if (file === "missing") tell({ state: "missing" });
    else if (file instanceof Error) tell({ state: "unreadable", problem: file.message });
    else tell(compare(file));
    return file instanceof Uint8Array ? file : undefined;
  }

  /** `first`: the daemon has just learnt what is in force; somebody may be working on the file. */
  async function write(wanted: ConfigName, first: boolean): Promise<void> {
    const file = await lookNow();
    const text = bytes(wanted.digest);
    if (target !== wanted || text === undefined || closed) return;
    const { state } = status;
    if (state === "newer" || state === "unreadable" || (state === "differs" && first)) return;
    try {
      if (state !== "same") {
        if (file !== undefined) await saveAside(path, file, text, isKnown);
        await replaceFile(path, text);
        story.say("info", "config-file", `${path} is version ${wanted.version} now`);
      }
      await takeAwayCandidate(path, text);
      await lookNow();
    } catch (error) {
      tell({ ...status, problem: `it could not be written: ${(error as Error).message}; it is tried again` });
      timer = setTimeout(() => enqueue(() => write(wanted, first)), RETRY_MS);
      timer.unref();
    }
  }

  /** One thing at a time. */
  function enqueue(work: () => Promise<unknown>): Promise<void> {
    working = working.then(work, work).then(
      () => {},
      (error: Error) => tell({ state: "unreadable", problem: error.message }),
    );
    return working;
  }

  return {
    onStep({ ledger }) {
      const { config } = ledger.epoch;
      if (!ledger.established || config.digest === "" || config.digest === target?.digest) return;
      if (bytes(config.digest) === undefined) return; // It is on its way.
      const first = target === undefined;
      const wanted = { version: config.version, digest: config.digest };
      target = wanted;
      clearTimeout(timer);
      void enqueue(() => write(wanted, first));
    },
    look: () => enqueue(lookNow),
    status: () => status,
    warning: () => warningOf(status, target),
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}

function warningOf(
  { path, state, version, problem }: FileStatus,
  target: ConfigName | undefined,
): string | undefined {
  const inForce = `version ${target?.version ?? 0} is in force`;
  const why = problem === undefined ? "" : ` (${problem})`;
  switch (state) {
    case "older":
      return `${path} is version ${version}, while ${inForce}: the file is old, nothing reads it${why}`;
    case "newer":
      return `${path} is version ${version}, while ${inForce}: it is a candidate until it is staged and activated`;
    case "differs":
      return `${path} is not what is in force, although both are version ${version}: to use it, raise its version and stage it${why}`;
    case "missing":
      return `there is no ${path}, while ${inForce}${why}`;
    case "unreadable":
      return `${path} makes no sense${why}, while ${inForce}`;
    case "same":
    case "unknown":
      return problem;
  }
}
