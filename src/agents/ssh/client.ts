/** One SSH connection to one device: who it is is checked first, output and time are bounded. */
import { createHash } from "node:crypto";
import { Client, type ClientChannel } from "ssh2";
import type { Millis } from "../../core/ids.ts";
import { type AgentContext, type AgentProblem, problem, type Result, success } from "../frame/agent.ts";
import { resolveName } from "../frame/resolve.ts";
import { within } from "../tls/limit.ts";
import { createDialogue, type Dialogue } from "./dialogue.ts";
import { GOODBYE_MS, OUTPUT_BYTES_MAX } from "./limits.ts";
import { loginProblem } from "./problems.ts";
import type { SshTarget } from "./settings.ts";

export interface Executed {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Ssh {
  /** For messages: `192.0.2.7:22`. */
  readonly device: string;
  execute(command: string, limitMs: Millis): Promise<Result<Executed>>;
  /** Resolves when the first prompt is there. */
  converse(prompt: RegExp, limitMs: Millis): Promise<Result<Dialogue>>;
  close(): void;
}

type Failure = { ok: false; problem: AgentProblem };

export async function openSsh(target: SshTarget, context: AgentContext): Promise<Result<Ssh>> {
  const address = await resolveName(target.host, context);
  if (!address.ok) return address;
  const device = `${target.host.includes(":") ? `[${target.host}]` : target.host}:${target.port}`;
  const client = new Client();
  let lost: Failure | undefined;
  let onLost = (): void => {};
  const shown = { key: "", isRefused: false };
  const lose = (failure: Failure): void => {
    lost ??= failure;
    onLost();
  };
  client.on("error", (error) => lose(loginProblem(error, device, shown)));
  client.on("close", () => lose(problem("lost", `${device} closed the connection`)));

  /** Whatever is waited for ends with it, with its limit, or with the connection. */
  function step<T>(
    what: string,
    limitMs: Millis,
    start: (end: (result: Result<T>) => void) => void,
  ): Promise<Result<T>> {
    return within(
      limitMs,
      context,
      (limit) =>
        new Promise((resolve) => {
          const end = (result: Result<T>): void => {
            limit.signal.removeEventListener("abort", onLimit);
            onLost = () => {};
            resolve(result);
          };
          const onLimit = (): void => end(limit.problem(`${what} of ${device}`));
          onLost = () => end(lost ?? problem("lost", `${device} is gone`));
          limit.signal.addEventListener("abort", onLimit);
          if (lost !== undefined) onLost();
          else if (limit.signal.aborted) onLimit();
          else start(end);
        }),
    );
  }

  const ready = await step<void>("the login", target.loginMs, (end) => {
    client.on("ready", () => end(success(undefined)));
    client.on("keyboard-interactive", (_name, _instructions, _lang, prompts, answer) =>
      answer(prompts.map(() => target.password ?? "")),
    );
    try {
      client.connect({
        host: address.value,
        port: target.port,
        username: target.user,
        ...(target.password === undefined ? {} : { password: target.password }),
        ...(target.privateKey === undefined ? {} : { privateKey: target.privateKey }),
        ...(target.privateKey === undefined || target.password === undefined
          ? {}
          : { passphrase: target.password }),
        tryKeyboard: target.password !== undefined,
        algorithms: target.algorithms,
        // Ours are the limits: these of the library are out of the way.
        readyTimeout: 0,
        hostVerifier: (key: Buffer) => {
          shown.key = createHash("sha256").update(key).digest("base64").replace(/=+$/, "");
          shown.isRefused = target.fingerprint !== undefined && shown.key !== target.fingerprint;
          return !shown.isRefused;
        },
      });
    } catch {
      // Not with its message: it may have a part of the key in it.
      end(problem("usage", "identity_file is no private key, or the password does not open it"));
    }
  });
  if (!ready.ok) {
    client.destroy();
    return ready;
  }

  function open(how: "shell" | string, end: (result: Result<ClientChannel>) => void): void {
    const onOpen = (error: Error | undefined, channel: ClientChannel): void => {
      if (error === undefined || error === null) {
        channel.on("error", () => {}); // Noticed by the close that follows.
        end(success(channel));
      } else
        end(problem("sessions-full", `${device} opens no ${how === "shell" ? "shell" : "command"} for us`));
    };
    try {
      if (how === "shell") client.shell({ term: "dumb", cols: 200, rows: 50 }, onOpen);
      else client.exec(how, onOpen);
    } catch {
      end(problem("lost", `${device} is gone`));
    }
  }

  return success({
    device,
    execute: (command, limitMs) =>
      step<Executed>("a command", limitMs, (end) =>
        open(command, (opened) => {
          if (!opened.ok) return end(opened);
          const channel = opened.value;
          const texts = { stdout: "", stderr: "" };
          const take = (name: "stdout" | "stderr") => (part: Buffer) => {
            texts[name] += part.toString("latin1");
            if (texts[name].length <= OUTPUT_BYTES_MAX) return;
            channel.destroy();
            end(problem("protocol", `${device} prints more than ${OUTPUT_BYTES_MAX} bytes`));
          };
          let code: number | undefined;
          channel.on("data", take("stdout"));
          channel.stderr.on("data", take("stderr"));
          channel.on("exit", (given: number | null) => {
            code = given ?? undefined;
          });
          channel.on("close", () => end(success({ code, ...texts })));
        }),
      ),
    async converse(prompt, limitMs) {
      const opened = await step<ClientChannel>("a shell", limitMs, (end) => open("shell", end));
      if (!opened.ok) return opened;
      const dialogue = createDialogue(opened.value, device, prompt, step);
      const greeting = await dialogue.listen(limitMs);
      return greeting.ok ? success(dialogue) : greeting;
    },
    close() {
      client.end();
      // What was written last may still be on its way.
      setTimeout(() => client.destroy(), GOODBYE_MS).unref();
    },
  });
}
