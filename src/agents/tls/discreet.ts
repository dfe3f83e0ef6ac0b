import { createRedact } from "../external/redact.ts";
import type { AgentProblem, Result } from "../frame/agent.ts";
import type { PowerDevice } from "../frame/device.ts";

/**
 * The same device, whose problems never tell the password. Devices repeat what they were sent: "the
 * value … of PASSWORD is not allowed", "syntax error near …".
 */
export function discreet(device: PowerDevice, login: { user: string; password: string }): PowerDevice {
  const redact = createRedact([login.password], [login.user]);
  const clean = (problem: AgentProblem): AgentProblem => ({ ...problem, detail: redact(problem.detail) });
  async function told<T>(result: Promise<Result<T>>): Promise<Result<T>> {
    const known = await result;
    return known.ok ? known : { ok: false, problem: clean(known.problem) };
  }
  const { identity, diag, cycle, list } = device;
  return {
    power: (plug) => told(device.power(plug)),
    set: (plug, to) => told(device.set(plug, to)),
    ...(identity === undefined ? {} : { identity: (depth) => told(identity(depth)) }),
    ...(diag === undefined ? {} : { diag: (plug: string) => told(diag(plug)) }),
    ...(cycle === undefined ? {} : { cycle: (plug: string) => told(cycle(plug)) }),
    ...(list === undefined ? {} : { list: () => told(list()) }),
    close: () => device.close(),
  };
}
