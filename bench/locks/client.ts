/** A program that locks and gives back the same things again and again. Argument: the socket. Prints grants per second. */
import { openLocks } from "../../src/adapters/locks/client.ts";

const SLOTS = 64;
const ROUNDS = 30_000;

const locks = await openLocks(process.argv[2] ?? "", "bench");
let left = 0;

async function work(slot: number): Promise<void> {
  while (left > 0) {
    left--;
    const lock = await locks.lock(`socket ${slot}`, { lockspace: "bench" });
    await lock.release();
  }
}

async function run(rounds: number): Promise<number> {
  left = rounds;
  const begun = performance.now();
  await Promise.all(Array.from({ length: SLOTS }, (_, slot) => work(slot)));
  return (rounds * 1_000) / (performance.now() - begun);
}

await run(5_000);
process.stdout.write(String(await run(ROUNDS)));
locks.close();
