/** Bugs in the life of the configuration, planted on purpose. Hunted where there is most of it. */
import type { Mutant } from "./list.ts";

function mutant(name: string, breaks: string, file: string, find: string, replace: string): Mutant {
  return { name: `config-${name}`, breaks, file, find, replace, profile: "activation" };
}

export const CONFIG_MUTANTS: readonly Mutant[] = [
  mutant(
    "one-refusal-is-overheard",
    "one member that refuses stops it",
    "configuration/activate.ts",
    "  if (refusing !== undefined) {\n",
    "  if (refusing !== undefined && reports.length === 1) {\n",
  ),
  mutant(
    "silence-is-consent",
    "every member has looked at it",
    "configuration/activate.ts",
    "  if (silent.length === 0) return undefined;\n",
    "  if (silent.length < members.length) return undefined;\n",
  ),
  mutant(
    "nobody-looks-at-it",
    "each member weighs it where it is",
    "configuration/stage.ts",
    'if (reading.ok) emit(turn, { type: "weigh-config", digest: staged.digest });',
    "if (reading.ok) say(turn, staged.digest, { ok: true, problems: [] });",
  ),
  mutant(
    "fencing-does-not-matter",
    "nothing is activated while somebody is being fenced",
    "configuration/activate.ts",
    "  if (fenced.length === 0) return undefined;\n",
    "  if (fenced.length >= 0) return undefined;\n",
  ),
  mutant(
    "quorum-suffices",
    "more than half of all disks have a configuration",
    "domain/epoch.ts",
    "const quorumVotes = Math.max(disks, configQuorum(turn.state));",
    "const quorumVotes = disks;",
  ),
  mutant(
    "first-disk-commits",
    "it is in force once enough disks have it",
    "domain/epoch.ts",
    "  if (votes < proposal.quorumVotes) return;\n",
    '  if (votes < proposal.quorumVotes && proposal.purpose === "members") return;\n',
  ),
  mutant(
    "told-on-too-few-disks",
    "what too few disks have is told to nobody as activated",
    "configuration/disks.ts",
    "if (thin === undefined || thin.digest !== config.digest) return undefined;",
    "if (thin === undefined || thin.digest !== undefined) return undefined;",
  ),
  mutant(
    "confirm-timer-is-forgotten",
    "what nobody confirms goes back",
    "configuration/activate.ts",
    "  else if (confirm?.digest !== config.digest) {\n",
    "  else if (confirm !== undefined && confirm.digest !== config.digest) {\n",
  ),
  mutant(
    "deadline-begins-anew",
    "a deadline outlives its master",
    "configuration/activate.ts",
    "else startConfirm(turn, Math.min(confirm.withinMs, Math.max(0, confirm.until - baseWall)));",
    "else startConfirm(turn, confirm.withinMs + Math.max(0, confirm.until - baseWall));",
  ),
  mutant(
    "file-is-believed",
    "from the first epoch on the disks tell, not the files",
    "configuration/choose.ts",
    'return best === undefined || best.digest === "" ? chooseFile(hellos) : best;',
    'return best?.digest === "" ? best : chooseFile(hellos);',
  ),
  mutant(
    "carried-is-forgotten",
    "what a disk may have is carried over",
    "configuration/choose.ts",
    "  return highest(better.filter((one) => isHeld(one.digest, hellos)));\n}\n\n/** The base",
    "  return highest(better.filter((one) => one.version < 0));\n}\n\n/** The base",
  ),
  mutant(
    "wish-outlives-its-ring",
    "a wish ends with its ring",
    "configuration/choose.ts",
    "const { wish: _wish, carried: _carried, ...rest } = base.configs;",
    "const { carried: _carried, ...rest } = base.configs;",
  ),
  mutant(
    "version-may-stay",
    "a version is above all that anybody has heard of",
    "configuration/stage.ts",
    "  if (stage.version <= floor) {\n",
    "  if (stage.version < floor) {\n",
  ),
  mutant(
    "overtaken-proposal-counts",
    "a proposal that was overtaken is void",
    "domain/epoch.ts",
    "  if (established && isAbove(inForce.config, epoch.config)) return;\n",
    "",
  ),
  mutant(
    "record-without-its-text",
    "no record without its text",
    "domain/epoch.ts",
    '  if (digest !== "" && !holds(turn.state, digest)) return;\n',
    "",
  ),
  mutant(
    "snapshot-without-it",
    "whoever lacks the ledger gets the configuration with it",
    "domain/sync.ts",
    'multicast(turn, { type: "snapshot", ledger, locks: tableDigest(locks) });',
    `const epoch = { ...ledger.epoch, config: { ...ledger.epoch.config, version: 0, digest: "" } };
    multicast(turn, { type: "snapshot", ledger: { ...ledger, epoch }, locks: tableDigest(locks) });`,
  ),
  mutant(
    "shot-by-older-words",
    "no shot by older words than those in force",
    "fencing/executor.ts",
    "  if (turn.state.desk.awaits === undefined) begin(turn, operation);\n",
    "  if (operation.config === undefined) begin(turn, operation);\n",
  ),
  mutant(
    "any-file-begins-with-a-device",
    "a device and one disk that knows nothing begin no cluster",
    "domain/startup.ts",
    "  if (knowsNothing(turn.state)) return;\n",
    "",
  ),
];
