/** An iLO or an Integrity MP by its command line, as the drivers of the frame see it. */
import type { Millis } from "../../core/ids.ts";
import { type AgentContext, type Result, success } from "../frame/agent.ts";
import type { PowerDevice } from "../frame/device.ts";
import { openSsh, type Ssh } from "../ssh/client.ts";
import type { Dialogue } from "../ssh/dialogue.ts";
import type { SshTarget } from "../ssh/settings.ts";
import { acceptance, powerIn } from "./answer.ts";

export interface Commands {
  /** Said once after the login. */
  readonly enter: string | undefined;
  readonly on: string;
  readonly off: string;
  readonly cycle: string | undefined;
}

export interface SmclpOptions {
  readonly target: SshTarget;
  readonly commands: Commands;
  readonly prompt: RegExp;
  /** Units: ms for the answer to a question, and to an order: a card holds the button for 6 s. */
  readonly answerMs: Millis;
  readonly orderMs: Millis;
}

export function createSmclpDevice(options: SmclpOptions, context: AgentContext): PowerDevice {
  const { target, commands, prompt, answerMs, orderMs } = options;
  let ssh: Ssh | undefined;
  let dialogue: Dialogue | undefined;

  /** A connection that broke is made anew: what was waited for is asked again by the driver. */
  async function talk(): Promise<Result<Dialogue>> {
    if (dialogue !== undefined) return success(dialogue);
    ssh?.close();
    const opened = await openSsh(target, context);
    if (!opened.ok) return opened;
    ssh = opened.value;
    const begun = await ssh.converse(prompt, answerMs);
    if (!begun.ok) return begun;
    const entered =
      commands.enter === undefined ? undefined : await begun.value.say(commands.enter, answerMs);
    if (entered?.ok === false) return entered;
    dialogue = begun.value;
    return begun;
  }

  async function say(line: string, limitMs: Millis): Promise<Result<string>> {
    const talking = await talk();
    if (!talking.ok) return talking;
    const said = await talking.value.say(line, limitMs);
    // A late answer would pass for the answer to the next question.
    if (!said.ok) dialogue = undefined;
    return said;
  }

  async function order(command: string): Promise<Result<void>> {
    const said = await say(command, orderMs);
    return said.ok ? acceptance(said.value, command) : said;
  }

  const { cycle } = commands;
  return {
    async power() {
      const said = await say("show /system1", answerMs);
      return said.ok ? success(powerIn(said.value)) : said;
    },
    set: (_plug, to) => order(commands[to]),
    ...(cycle === undefined ? {} : { cycle: () => order(cycle) }),
    async close() {
      dialogue?.leave("exit");
      ssh?.close();
    },
  };
}
