/** A shell that is talked to line by line: a line goes out, what comes back up to the prompt is the answer. */
import type { ClientChannel } from "ssh2";
import type { Millis } from "../../core/ids.ts";
import { problem, type Result, success } from "../frame/agent.ts";
import { OUTPUT_BYTES_MAX } from "./limits.ts";

export interface Dialogue {
  /** What comes up to the next prompt, without it. */
  listen(limitMs: Millis): Promise<Result<string>>;
  /** What was said before and nobody listened to is no part of the answer. */
  say(line: string, limitMs: Millis): Promise<Result<string>>;
  /** A last line; nobody waits for what it does. */
  leave(line: string): void;
}

/** Runs one wait within its limit, the action's and the life of the connection. */
export type Step = <T>(
  what: string,
  limitMs: Millis,
  start: (end: (result: Result<T>) => void) => void,
) => Promise<Result<T>>;

/** Colours and the movements of a cursor: some shells cannot do without. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one.
const ESCAPES = /\u001b\[[0-9;?]*[A-Za-z]/g;

export function createDialogue(channel: ClientChannel, device: string, prompt: RegExp, step: Step): Dialogue {
  let text = "";
  let isTooLong = false;
  let isOver = false;
  let onNews = (): void => {};
  const take = (part: Buffer): void => {
    if (text.length + part.length > OUTPUT_BYTES_MAX) isTooLong = true;
    else text += part.toString("latin1");
    onNews();
  };
  channel.on("data", take);
  channel.stderr.on("data", take);
  channel.on("close", () => {
    isOver = true;
    onNews();
  });

  function listen(limitMs: Millis): Promise<Result<string>> {
    return step<string>("the answer", limitMs, (end) => {
      const finish = (result: Result<string>): void => {
        onNews = () => {};
        end(result);
      };
      onNews = () => {
        if (isTooLong) {
          channel.destroy();
          return finish(problem("protocol", `${device} prints more than ${OUTPUT_BYTES_MAX} bytes`));
        }
        const plain = text.replace(ESCAPES, "");
        const at = plain.search(prompt);
        if (at >= 0) {
          text = "";
          finish(success(plain.slice(0, at)));
        } else if (isOver) finish(problem("lost", `${device} ended the session in the middle`));
      };
      onNews();
    });
  }

  return {
    listen,
    say(line, limitMs) {
      text = "";
      channel.write(`${line}\r`);
      return listen(limitMs);
    },
    leave(line) {
      if (!isOver) channel.write(`${line}\r`);
    },
  };
}
