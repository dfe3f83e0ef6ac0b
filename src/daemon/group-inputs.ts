/** What the group says, as inputs of the core. Kept in order until the core is there. */
import { decodeMessage } from "../codec/message.ts";
import type { Input } from "../core/inputs.ts";
import type { GroupHandlers } from "../ports/group-engine.ts";

/** Events before the core exists: the engine is opened and the core created in one breath. */
export const EARLY_EVENTS_MAX = 10_000;

/** Who takes what the group says. */
export interface GroupListener {
  /** `bytes`: length of the message on the wire; 0 for what is no message. */
  feed(input: Input, bytes: number): void;
  /** The group takes messages again. */
  drain(): void;
}

export interface GroupInputs {
  readonly handlers: GroupHandlers;
  /** Hands over what was said so far, then everything as it comes. */
  connect(listener: GroupListener): void;
}

/**
 * `onOverflow` is called when nobody connects and the group does not stop. `keepText` keeps the text of a
 * configuration and answers its digest: only that goes on to the core.
 */
export function createGroupInputs(
  onOverflow: () => void,
  keepText: (bytes: Uint8Array) => string,
): GroupInputs {
  let early: { readonly input: Input; readonly bytes: number }[] = [];
  let listener: GroupListener | undefined;

  function give(input: Input, bytes: number): void {
    if (listener !== undefined) return listener.feed(input, bytes);
    if (early.length >= EARLY_EVENTS_MAX) return onOverflow();
    early.push({ input, bytes });
  }

  return {
    handlers: {
      onView: (view) => give({ type: "view", ...view }, 0),
      onMessage(from, payload) {
        const decoded = decodeMessage(payload);
        if (!decoded.ok) return give({ type: "garbage", from, problem: decoded.problem }, 0);
        const { message, attachment } = decoded;
        const isOther =
          attachment !== undefined &&
          (message.body.type !== "document" || keepText(attachment) !== message.body.digest);
        if (isOther) give({ type: "garbage", from, problem: "sent a text that is not what it says" }, 0);
        else give({ type: "deliver", from, message }, payload.length);
      },
      onQuorum: (quorum) => give({ type: "quorum", ...quorum }, 0),
      onLost: (why) => give({ type: "lost", why }, 0),
      onDrain: () => listener?.drain(),
    },
    connect(next) {
      listener = next;
      for (const { input, bytes } of early) next.feed(input, bytes);
      early = [];
    },
  };
}
