/** SIGTERM: leave first, and do not go while storage is in use, unless told twice. */
import { ERRORS, OperationError } from "../core/errors.ts";
import type { Story } from "./story.ts";

/** Units: ms. How long the others may take to agree to our leaving. */
export const LEAVE_MS_MAX = 20_000;

export interface ShutdownPorts {
  readonly isJoined: () => boolean;
  /** Asks the guards anew. */
  readonly inUse: () => Promise<readonly string[]>;
  /** Rejects with an OperationError when refused. */
  readonly leave: () => Promise<unknown>;
  /** Ends the process: `orderly` leaves the group first, otherwise the others see it vanish. */
  readonly end: (code: number, why: string, manner: "orderly" | "at once") => void;
  readonly story: Story;
}

/** Returns the handler of SIGTERM and SIGINT. */
export function createShutdown(ports: ShutdownPorts): (signal: string) => void {
  const { story, end } = ports;
  let asked = false;

  async function tryToLeave(signal: string): Promise<void> {
    const inUse = ports.isJoined() ? await ports.inUse() : [];
    if (!ports.isJoined()) return end(0, `${signal}: this node is not in the fence domain`, "orderly");
    const problem = inUse.length > 0 ? `in use: ${inUse.join(", ")}` : await leaveProblem();
    if (problem === undefined) return end(0, `${signal}: left the fence domain`, "orderly");
    if (inUse.length === 0) return end(0, `${signal}: going without a goodbye (${problem})`, "orderly");
    story.say(
      "error",
      "stop-refused",
      `${signal} refused, ${problem}. Stop that and send ${signal} again. ` +
        `A second ${signal} while it is in use ends bouncerd at once, and the others will fence this node.`,
    );
  }

  async function leaveProblem(): Promise<string | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve(`no answer within ${LEAVE_MS_MAX / 1_000} s`), LEAVE_MS_MAX);
    });
    const answer = ports.leave().then(
      () => undefined,
      (error: Error) => (error instanceof OperationError ? error.message : String(error)),
    );
    return Promise.race([answer, silence]).finally(() => clearTimeout(timer));
  }

  return (signal) => {
    if (!asked) {
      asked = true;
      void tryToLeave(signal);
      return;
    }
    void (async () => {
      const inUse = await ports.inUse();
      if (inUse.length === 0) return tryToLeave(signal);
      end(ERRORS.DOM_IN_USE.exit, `second ${signal} while in use: ${inUse.join(", ")}`, "at once");
    })();
  };
}
