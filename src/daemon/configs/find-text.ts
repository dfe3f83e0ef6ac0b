/** From what people call a configuration to its text. */
import { MASK } from "../../config/redact.ts";
import { restoreSecrets } from "../../config/restore-secrets.ts";
import { OperationError } from "../../core/errors.ts";
import type { State } from "../../core/state.ts";
import type { Journal } from "../../ports/journal.ts";
import { readConfigFile } from "../config-file.ts";
import { digestOf, type TextStore } from "./text-store.ts";

export interface FoundText {
  /** As it is shown: "version 4", a path. */
  readonly name: string;
  readonly digest: string;
  readonly bytes: Uint8Array;
  readonly text: string;
}

/** `given` is what the request brought along. Errors: `CFG_UNKNOWN_VERSION`, `CFG_UNREADABLE`, `REQ_INVALID`. */
export type TextFinder = (ref: string, given?: string) => Promise<FoundText>;

export interface TextFinderPorts {
  readonly state: () => State;
  readonly path: string;
  readonly texts: Pick<TextStore, "bytes">;
  readonly journal: Pick<Journal, "configs" | "configText">;
}

/** Versions that are searched for one of that number. */
const VERSIONS_MAX = 1_000;

export function createTextFinder({ state, path, texts, journal }: TextFinderPorts): TextFinder {
  async function byDigest(name: string, digest: string): Promise<FoundText> {
    const bytes = texts.bytes(digest) ?? (await journal.configText(digest));
    if (bytes !== undefined) return found(name, bytes);
    throw new OperationError(
      "CFG_UNKNOWN_VERSION",
      `this node never had the text of ${name}: ask another member`,
    );
  }

  async function byVersion(version: number): Promise<FoundText> {
    const { activated, staged } = state().ledger.configs;
    const known = [...activated, ...(staged === undefined ? [] : [staged])].find(
      (one) => one.version === version,
    );
    const old =
      known ?? (await journal.configs({ limit: VERSIONS_MAX })).find((one) => one.version === version);
    if (old !== undefined) return byDigest(`version ${version}`, old.digest);
    throw new OperationError(
      "CFG_UNKNOWN_VERSION",
      `there was never a version ${version}, as far as this node knows`,
    );
  }

  /** A text that was shown here came back: with the passwords that were masked in it. */
  async function withSecrets(given: string): Promise<Uint8Array> {
    if (!given.includes(MASK)) return new TextEncoder().encode(given);
    const { config } = state();
    const base = await byDigest(`version ${config.version}`, config.digest);
    const { text, unknown } = restoreSecrets(given, base.text);
    if (unknown.length === 0) return new TextEncoder().encode(text);
    const detail = `${unknown.join(", ")}: the password is masked, and the configuration in force has none for it`;
    throw new OperationError("CFG_INVALID", detail);
  }

  return async (ref, given) => {
    switch (ref) {
      case "given":
        if (given === undefined) throw new OperationError("REQ_INVALID", "no text was given");
        return found("the given text", await withSecrets(given));
      case "file":
        return found(path, await readConfigFile(path));
      case "new":
        return found(`${path}.new`, await readConfigFile(`${path}.new`));
      case "staged": {
        const { staged } = state().ledger.configs;
        if (staged === undefined) throw new OperationError("CFG_NOT_STAGED", "nothing is staged");
        return byDigest(`version ${staged.version}`, staged.digest);
      }
      case "in-force": {
        const { config } = state();
        return byDigest(`version ${config.version}`, config.digest);
      }
      default:
        return byVersion(Number(ref));
    }
  };
}

/** Errors: `CFG_INVALID` where it is no text: it could not be sent, compared or shown. */
function found(name: string, bytes: Uint8Array): FoundText {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return { name, bytes, text, digest: digestOf(bytes) };
  } catch {
    throw new OperationError("CFG_INVALID", `${name} is not text in UTF-8`);
  }
}
