/** Keeps the engine below us from an orderly shutdown while storage is in use here. */
import type { GroupEngine } from "../ports/group-engine.ts";

export interface Veto {
  update(inUse: readonly string[], joined: boolean): void;
}

export function createVeto(engine: Pick<GroupEngine, "setShutdownVeto">): Veto {
  let because = "";
  return {
    update(inUse, joined) {
      const now = joined ? inUse.join(", ") : "";
      if (now === because) return;
      because = now;
      engine.setShutdownVeto(now === "" ? undefined : { because: `storage is in use: ${now}` });
    },
  };
}
