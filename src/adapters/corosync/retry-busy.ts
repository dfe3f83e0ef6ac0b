import { setTimeout as delay } from "node:timers/promises";
import { CS } from "./cs.ts";

/** While a ring forms, Corosync answers CS_ERR_TRY_AGAIN. Units: ms. */
const TRY_AGAIN_DELAY_MS = 50;
const TRY_AGAIN_MS_MAX = 20_000;

/** Asks again while Corosync is busy with a change of the ring. Resolves with the last code. */
export async function retryBusy(call: () => Promise<number>): Promise<number> {
  const giveUpAt = performance.now() + TRY_AGAIN_MS_MAX;
  for (;;) {
    const code = await call();
    if (code !== CS.tryAgain || performance.now() > giveUpAt) return code;
    await delay(TRY_AGAIN_DELAY_MS);
  }
}
