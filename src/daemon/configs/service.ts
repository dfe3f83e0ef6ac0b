/** What people ask about configurations: texts, differences, staging. Decisions are the core's. */
import type { z } from "zod";
import type {
  ConfigActivateBody,
  ConfigDiffReply,
  ConfigReply,
  ConfigStageBody,
  ConfigStageReply,
  ConfigStampView,
  ConfigTextReply,
  ConfigValidateReply,
} from "../../api/config.ts";
import { ACTIVATED_BYTES_MAX, configVersionOf, withConfigVersion } from "../../config/config-version.ts";
import { type ConfigProblem, formatProblem } from "../../config/problem.ts";
import { redactText } from "../../config/redact.ts";
import { textDiff } from "../../config/text-diff.ts";
import { nodeNameOf } from "../../core/config.ts";
import { fixedProblems } from "../../core/configuration/fixed.ts";
import type { ConfigStamp } from "../../core/configuration/stamp.ts";
import type { ReplyResult } from "../../core/effects.ts";
import { OperationError } from "../../core/errors.ts";
import type { ConfigRequest } from "../../core/inputs.ts";
import type { State } from "../../core/state.ts";
import { byNode } from "../../core/turn.ts";
import type { Journal } from "../../ports/journal.ts";
import type { DiskFile } from "./disk-file.ts";
import type { FoundText, TextFinder } from "./find-text.ts";
import type { ReadConfigs } from "./read-configs.ts";
import type { TextStore } from "./text-store.ts";

export interface ConfigServicePorts {
  readonly state: () => State;
  readonly now: () => number;
  readonly texts: TextStore;
  readonly reader: ReadConfigs;
  readonly find: TextFinder;
  readonly file: Pick<DiskFile, "status">;
  readonly journal: Pick<Journal, "configs">;
  readonly ask: (request: ConfigRequest) => Promise<ReplyResult>;
}

export interface ConfigService {
  show(): ConfigReply;
  text(of: string): Promise<z.infer<typeof ConfigTextReply>>;
  history(limit: number): Promise<ConfigStampView[]>;
  diff(a: string, b: string, given: string | undefined): Promise<ConfigDiffReply>;
  validate(of: string, given: string | undefined): Promise<z.infer<typeof ConfigValidateReply>>;
  stage(body: z.output<typeof ConfigStageBody>): Promise<z.infer<typeof ConfigStageReply>>;
  activate(body: z.output<typeof ConfigActivateBody>): Promise<ReplyResult>;
  confirm(by: string): Promise<ReplyResult>;
  discard(by: string): Promise<ReplyResult>;
}

export function createConfigService(ports: ConfigServicePorts): ConfigService {
  const { state, find, reader, ask } = ports;

  function stagedDigest(version: number | undefined): string {
    const { staged } = state().ledger.configs;
    if (staged === undefined) throw new OperationError("CFG_NOT_STAGED", "nothing is staged");
    if (version === undefined || staged.version === version) return staged.digest;
    const detail = `version ${version} is not staged any more: ${staged.by} staged version ${staged.version}`;
    throw new OperationError("CFG_CONFLICT", detail);
  }

  return {
    show: () => replyOf(state(), ports.now(), ports.file),
    async text(of) {
      const { name, digest, text } = await find(of);
      return { name, ...versionOf(text), digest, text: redactText(text) };
    },
    async history(limit) {
      const known = [...state().ledger.configs.activated].reverse().slice(0, limit);
      const oldest = known.at(-1)?.version ?? Number.MAX_SAFE_INTEGER;
      const older = known.length < limit ? await ports.journal.configs({ limit }) : [];
      return [...known, ...older.filter((one) => one.version < oldest)].slice(0, limit).map(stampView);
    },
    async diff(a, b, given) {
      const [one, other] = [await find(a, given), await find(b, given)];
      return {
        a: { name: one.name, ...versionOf(one.text) },
        b: { name: other.name, ...versionOf(other.text) },
        same: one.text === other.text,
        text: redactText(textDiff(one.text, other.text, { a: one.name, b: other.name })),
        changes: (await reader.changes(one.bytes, other.bytes)).map((change) => ({ ...change })),
      };
    },
    async validate(of, given) {
      const { bytes, text } = await find(of, given);
      const { config, problems } = await reader.check(bytes);
      const fixed = config === undefined ? [] : [...fixedProblems(state().config, config, state().ledger)];
      return {
        ok: config !== undefined && fixed.length === 0,
        ...versionOf(text),
        problems: problems.map(copied),
        fixed,
      };
    },
    async stage({ by: user, of, text: given, comment, replace }) {
      const by = authorOf(state(), user);
      const found = await find(of, given);
      const { text, raised } = raise(state(), found, { isOld: /^[1-9]/.test(of), replace });
      const bytes = new TextEncoder().encode(text);
      if (bytes.length > ACTIVATED_BYTES_MAX) {
        const detail = `${found.name} has ${bytes.length} bytes, the limit is ${ACTIVATED_BYTES_MAX}`;
        throw new OperationError("CFG_TOO_LARGE", detail);
      }
      const { config, problems } = await reader.check(bytes);
      const texts = problems.map((one) => formatProblem(one, found.name));
      if (config === undefined) {
        throw new OperationError("CFG_INVALID", `it cannot be staged:\n${texts.join("\n")}`);
      }
      const digest = ports.texts.put(bytes);
      const traits = await reader.traits(digest);
      const base = state().ledger.epoch.config.digest;
      const result = await ask({ type: "config-stage", by, comment, config, traits, base, replace });
      const warnings = texts.filter((_, index) => problems[index]?.severity === "warning");
      return { ...stagedOf(result), raised, warnings };
    },
    async activate({ by: user, version, comment, withinMs, wait }) {
      const by = authorOf(state(), user);
      const digest = stagedDigest(version);
      const own = state().ledger.configs.staged?.comment ?? "";
      return ask({
        type: "config-activate",
        by,
        digest,
        comment: comment === "" ? own : comment,
        wait,
        ...(withinMs === undefined ? {} : { withinMs }),
      });
    },
    confirm: async (user) => ask({ type: "config-confirm", by: authorOf(state(), user) }),
    async discard(user) {
      return ask({ type: "config-discard", by: authorOf(state(), user), digest: stagedDigest(undefined) });
    },
  };
}

/** "anna@tpve01": every node has a root, and the history must say which of them it was. */
function authorOf({ config, nodeId }: State, user: string): string {
  const here = `@${nodeNameOf(config, nodeId)}`;
  return user.endsWith(here) ? user : user + here;
}

function stagedOf(result: ReplyResult) {
  if (result.type !== "staged")
    throw new Error(`a configuration to be staged was answered with ${result.type}`);
  const { version, digest, epoch } = result;
  return { type: "staged", version, digest, epoch } as const;
}

/**
 * The version grows by itself unless its author has raised it. A text with an older version than the one
 * in force lacks somebody's changes: it is refused, unless it is an old version that is to come back.
 */
function raise(
  { ledger }: State,
  { text, name }: FoundText,
  { isOld, replace }: { readonly isOld: boolean; readonly replace: boolean },
): { readonly text: string; readonly raised: boolean } {
  const { version: inForce, by } = ledger.epoch.config;
  const { staged, lastVersion } = ledger.configs;
  const free = 1 + (replace && staged !== undefined ? staged.floor : lastVersion);
  const version = configVersionOf(text);
  if (!isOld && version !== undefined && version > inForce) return { text, raised: false };
  if (!isOld && version !== undefined && version < inForce) {
    const who = by === "" ? "" : `, activated by ${by}`;
    const detail = `${name} is version ${version}, and version ${inForce} is in force${who}: it lacks what was changed since`;
    throw new OperationError("CFG_STALE", detail);
  }
  return { text: withConfigVersion(text, free) ?? text, raised: true };
}

function versionOf(text: string): { readonly version?: number } {
  const version = configVersionOf(text);
  return version === undefined ? {} : { version };
}

function stampView({ confirm, ...stamp }: ConfigStamp): ConfigStampView {
  return {
    ...stamp,
    ...(confirm === undefined ? {} : { confirm: { ...confirm, back: { ...confirm.back } } }),
  };
}

function copied(problem: ConfigProblem): ConfigProblem {
  return { ...problem };
}

function replyOf(state: State, at: number, file: Pick<DiskFile, "status">): ConfigReply {
  const { ledger, config } = state;
  const { staged, wish, carried } = ledger.configs;
  const activating = carried ?? wish;
  const stamp = ledger.epoch.config;
  const inForce = ledger.established ? stamp : { ...stamp, version: config.version, digest: config.digest };
  return {
    node: nodeNameOf(config, state.nodeId),
    at,
    inForce: stampView(inForce),
    epoch: ledger.epoch.n,
    established: ledger.established,
    ...(staged === undefined ? {} : { staged: stagedView(state, staged) }),
    ...(activating === undefined ? {} : { activating: stampView(activating) }),
    file: { ...file.status() },
  };
}

function stagedView(
  { ledger, config }: State,
  staged: NonNullable<State["ledger"]["configs"]["staged"]>,
): NonNullable<ConfigReply["staged"]> {
  const { version, digest, by, at, comment, reports } = staged;
  const missing = ledger.members.filter((member) => byNode(reports, member.node) === undefined);
  return {
    version,
    digest,
    by,
    at,
    comment,
    reports: reports.map(({ node, ok, problems }) => ({
      node: nodeNameOf(config, node),
      ok,
      problems: [...problems],
    })),
    missing: missing.map((member) => nodeNameOf(config, member.node)),
  };
}
