/**
 * Texts on their way to everybody: whoever lacks one that the ledger names gets it, everybody reads what
 * it got, and what is in force is used as soon as it was read.
 */
import type { Input } from "../inputs.ts";
import type { Hello } from "../messages.ts";
import type { State, Turn } from "../state.ts";
import { emit, log, multicast, nodeOfKey, selfKey, update } from "../turn.ts";
import { holds, namedDigests, noteHeld, noteReading, updateDesk } from "./keep.ts";

type ConfigRead = Extract<Input, { type: "config-read" }>;

/** In a ring that is synced: the first process that holds a text sends it if anybody lacks it. */
export function shareTexts(turn: Turn, hellos: ReadonlyMap<string, Hello>): void {
  const keys = [...hellos.keys()].sort((a, b) => nodeOfKey(a) - nodeOfKey(b) || (a < b ? -1 : 1));
  for (const digest of namedDigests(turn.state)) {
    const holders = keys.filter((key) => hellos.get(key)?.holds.includes(digest) === true);
    if (holders.length === keys.length || holders[0] !== selfKey(turn.state)) continue;
    multicast(turn, { type: "document", digest });
  }
}

/** The edge has stored the text, before it told us. */
export function onDocument(turn: Turn, digest: string): void {
  if (!holds(turn.state, digest)) noteHeld(turn, digest);
  if (!turn.state.desk.read.has(digest)) emit(turn, { type: "read-config", digest });
}

export function onConfigRead(turn: Turn, input: ConfigRead): void {
  const { type: _type, digest, ...reading } = input;
  noteHeld(turn, digest);
  noteReading(turn, digest, reading);
  const { awaits, ...rest } = turn.state.desk;
  if (awaits === digest) turn.state = { ...turn.state, desk: rest };
  if (!reading.ok && digest === turn.state.ledger.epoch.config.digest) {
    log(turn, "error", "config-unread", `the configuration in force cannot be read here: ${reading.problem}`);
  }
  if (digest === turn.state.ledger.epoch.config.digest) takeConfig(turn);
}

/** Does somebody in this ring have the text, so that it will come? */
function willCome(state: State, digest: string): boolean {
  if (holds(state, digest)) return true;
  return [...(state.ring?.hellos.values() ?? [])].some((hello) => hello.holds.includes(digest));
}

/**
 * What the ledger says is in force is used by this node from now on, or as soon as it was read. Until
 * then no shot begins here: it could go to another machine's controller.
 */
export function takeConfig(turn: Turn): void {
  const { state } = turn;
  const stamp = state.ledger.epoch.config;
  const { awaits: _old, ...desk } = state.desk;
  turn.state = { ...state, desk };
  if (stamp.digest === "") return;
  const reading = desk.read.get(stamp.digest);
  if (reading === undefined) {
    if (state.config.digest === stamp.digest) return;
    if (willCome(state, stamp.digest)) updateDesk(turn, { awaits: stamp.digest });
    if (holds(state, stamp.digest)) emit(turn, { type: "read-config", digest: stamp.digest });
    return;
  }
  if (!reading.ok) return;
  const before = state.config;
  const { config, traits } = reading;
  update(turn, { config, traits });
  if (before.digest === config.digest) return;
  // Pauses and delays are counted anew: one of the old ones may have been "for ever".
  update(turn, { watch: { ...turn.state.watch, retryAt: new Map(), holds: new Map() } });
  log(turn, "info", "config", `configuration version ${config.version} is in force on this node`);
}
