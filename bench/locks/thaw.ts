/**
 * How soon storage is released once the lost node is proven off, with many locks held by it and as many by
 * whoever measures. What is said about it is the last evidence: no agent and no disk takes part.
 *
 * Prints `ready` when the node to be lost holds its locks, then one {@link Thaw} as a line of JSON.
 */
import type { Input } from "../../src/core/inputs.ts";
import type { State } from "../../src/core/state.ts";

/** Units: ms. */
export interface Thaw {
  /** From the view until all have compared notes. */
  readonly compared: number;
  /** From the evidence until this node's gate was open. */
  readonly thawed: number;
}

export interface ThawRig {
  until(holds: (state: State) => boolean): Promise<State>;
  feed(input: Input): void;
  now(): number;
}

export async function measureThaw({ until, feed, now }: ThawRig, locks: number): Promise<void> {
  await until(
    ({ gate, ledger }) => gate.open && ledger.locks.count === 2 * locks && ledger.locks.waiting === 0,
  );
  process.stdout.write("ready\n");
  await until(({ ledger }) => ledger.victims.length > 0);
  const lost = now();
  const { ledger } = await until(({ ring }) => ring?.phase === "synced" && ring.quorate);
  const begun = now();
  const node = ledger.victims[0]?.node ?? 0;
  feed({ type: "request", id: "off", request: { type: "ack", node, by: "bench", statement: "it is off" } });
  await until(({ gate }) => gate.open);
  const thaw: Thaw = { compared: begun - lost, thawed: now() - begun };
  process.stdout.write(`${JSON.stringify(thaw)}\n`);
}
