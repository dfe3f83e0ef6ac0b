/** What the master does about configurations: proposes what is wished for, goes back what nobody confirmed. */
import type { Input } from "../inputs.ts";
import type { Turn } from "../state.ts";
import { emit, firstTime, isMaster, log, multicast } from "../turn.ts";
import { COMMENT_CHARS_MAX, type ConfigStamp } from "./stamp.ts";

/** What a proposal with the same members would bring; absent: nothing is due. */
export function configDue(turn: Turn): ConfigStamp | undefined {
  const { ledger } = turn.state;
  if (!ledger.established) return undefined;
  return ledger.configs.carried ?? ledger.configs.wish;
}

/** Past its deadline, an unconfirmed configuration goes back; the edge makes the text of the new version. */
export function driveConfirm(turn: Turn): void {
  const { ledger, desk, now } = { ...turn.state, now: turn.now };
  const { confirm } = ledger.epoch.config;
  if (confirm === undefined || desk.confirm === undefined || !ledger.established) return;
  if (now.mono < desk.confirm.at || configDue(turn) !== undefined) return;
  const version = ledger.configs.lastVersion + 1;
  if (!firstTime(turn, `make ${confirm.back.digest} ${version}`)) return;
  emit(turn, { type: "make-config", from: confirm.back.digest, version });
}

export function onConfigMade(turn: Turn, input: Extract<Input, { type: "config-made" }>): void {
  const { config } = turn.state.ledger.epoch;
  if (config.confirm?.back.digest !== input.from || !isMaster(turn.state)) return;
  if (!input.ok) {
    log(
      turn,
      "error",
      "config-unmade",
      `version ${config.confirm.back.version} cannot be brought back: ${input.problem}`,
    );
    return;
  }
  if (configDue(turn) !== undefined) return;
  const comment = `back to version ${config.confirm.back.version}: version ${config.version} was not confirmed`;
  const stamp: ConfigStamp = {
    version: input.version,
    digest: input.digest,
    by: config.by,
    at: turn.now.wall,
    comment: comment.slice(0, COMMENT_CHARS_MAX),
  };
  multicast(turn, { type: "document", digest: input.digest });
  multicast(turn, { type: "revert", back: input.from, config: stamp });
}
