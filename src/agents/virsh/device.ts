/** Machines of a hypervisor with libvirt, by virsh over SSH. */
import type { Millis } from "../../core/ids.ts";
import { type AgentContext, type Power, problem, type Result, success } from "../frame/agent.ts";
import type { PowerDevice } from "../frame/device.ts";
import { type Executed, openSsh, type Ssh } from "../ssh/client.ts";
import type { SshTarget } from "../ssh/settings.ts";
import { domainsIn, hasSavedMemory, powerInAnswer } from "./states.ts";

export interface VirshOptions {
  readonly target: SshTarget;
  /** `sudo` and its path, or nothing. */
  readonly prefix: string;
  /** A machine that the hypervisor does not know counts as off. */
  readonly missingAsOff: boolean;
  readonly answerMs: Millis;
  readonly orderMs: Millis;
}

/** Nothing of it is for a shell to read. */
const NAME = /^[A-Za-z0-9_.+:@][A-Za-z0-9_.+:@-]{0,127}$/;

export function createVirshDevice(options: VirshOptions, context: AgentContext): PowerDevice {
  const { target, prefix, missingAsOff, answerMs, orderMs } = options;
  let ssh: Ssh | undefined;

  async function virsh(words: string, limitMs: Millis): Promise<Result<Executed>> {
    if (ssh === undefined) {
      const opened = await openSsh(target, context);
      if (!opened.ok) return opened;
      ssh = opened.value;
    }
    // In the words that are known here, whatever the account speaks.
    const done = await ssh.execute(`${prefix}env LC_ALL=C virsh ${words}`, limitMs);
    if (!done.ok) {
      ssh.close();
      ssh = undefined;
    }
    return done;
  }

  function refusal({ code, stderr }: Executed, what: string): Result<never> {
    const said = stderr
      .trim()
      .replace(/[^\x20-\x7e]+/g, " ")
      .slice(0, 160);
    if (/failed to get domain|domain not found/i.test(stderr)) {
      return problem("missing", `the hypervisor has no machine for ${what}: ${said}`);
    }
    if (/command not found|no such file/i.test(stderr) || code === 127) {
      return problem("unsupported", `there is no virsh on the hypervisor: ${said}`);
    }
    if (/permission denied|authentication|password is required|not allowed/i.test(stderr)) {
      return problem("privilege", `the login may not use virsh: ${said}`);
    }
    return problem("refused", `virsh ${what}: exit ${code ?? "by a signal"}: ${said}`);
  }

  /** Of a machine that is shut off: is there an image of its memory with which it would go on? */
  async function awake(plug: string): Promise<Result<Power>> {
    const told = await virsh(`dominfo ${plug}`, answerMs);
    if (!told.ok) return told;
    if (told.value.code !== 0) return refusal(told.value, `dominfo ${plug}`);
    if (!hasSavedMemory(told.value.stdout)) return success("off");
    const way = `virsh managedsave-remove ${plug}`;
    return problem("refused", `machine ${plug} was saved with its memory and would go on writing: ${way}`);
  }

  return {
    async power(plug) {
      if (!NAME.test(plug)) return problem("usage", "plug is neither the name nor the UUID of a machine");
      const done = await virsh(`domstate ${plug}`, answerMs);
      if (!done.ok) return done;
      if (done.value.code === 0) {
        const power = powerInAnswer(done.value.stdout);
        return power === "off" ? awake(plug) : success(power);
      }
      const refused = refusal(done.value, `domstate ${plug}`);
      const isMissing = !refused.ok && refused.problem.kind === "missing";
      return isMissing && missingAsOff ? success("off") : refused;
    },
    async set(plug, to) {
      if (!NAME.test(plug)) return problem("usage", "plug is neither the name nor the UUID of a machine");
      const word = to === "on" ? "start" : "destroy";
      const done = await virsh(`${word} ${plug}`, orderMs);
      if (!done.ok) return done;
      // "Already active" and "not running" are no failures when the state says so, which is read next.
      const isDone = done.value.code === 0 || /already active|is not running/i.test(done.value.stderr);
      return isDone ? success(undefined) : refusal(done.value, `${word} ${plug}`);
    },
    async list() {
      const done = await virsh("list --all", answerMs);
      if (!done.ok) return done;
      return done.value.code === 0 ? success(domainsIn(done.value.stdout)) : refusal(done.value, "list");
    },
    async close() {
      ssh?.close();
    },
  };
}
