/** A Redfish controller as the drivers of the frame see it: one system behind one address. */
import { type AgentContext, type Power, problem, type Result, success } from "../frame/agent.ts";
import type { PowerDevice } from "../frame/device.ts";
import { type ApiOptions, createApi } from "./api.ts";
import { discoverSystem } from "./discovery.ts";
import type { Json } from "./json.ts";
import { allowedOf, identityOf, powerOf, resetOf, resetTypeFor, type Wish } from "./system.ts";

export interface RedfishDeviceOptions extends ApiOptions {
  /** The system to switch; absent: the only one there is. */
  readonly system?: string;
}

export function createRedfishDevice(options: RedfishDeviceOptions, context: AgentContext): PowerDevice {
  const api = createApi(options, context);
  let path = options.system;
  let last: Json | undefined;

  async function readSystem(): Promise<Result<Json>> {
    if (path === undefined) {
      const found = await discoverSystem(api, options.root);
      if (!found.ok) return found;
      path = found.value;
    }
    const system = await api.get(path);
    if (system.ok) last = system.value;
    return system;
  }

  async function power(): Promise<Result<Power>> {
    const system = await readSystem();
    return system.ok ? success(powerOf(system.value)) : system;
  }

  async function reset(wish: Wish): Promise<Result<void>> {
    const system = last === undefined ? await readSystem() : success(last);
    if (!system.ok) return system;
    const action = resetOf(system.value);
    if (action === undefined) return problem("unsupported", `${path} has no action ComputerSystem.Reset`);
    let { allowed } = action;
    if (allowed === undefined && action.info !== undefined) {
      const info = await api.get(action.info);
      if (!info.ok) return info;
      const listed = allowedOf(info.value);
      if (listed.length > 0) allowed = listed;
    }
    const type = resetTypeFor(wish, allowed);
    if (type === undefined) {
      const offered = (allowed ?? []).join(", ").slice(0, 160);
      return problem("unsupported", `${path} cannot be switched ${wish} hard: it offers ${offered}`);
    }
    return api.post(action.target, { ResetType: type });
  }

  return {
    power,
    async set(_plug, to) {
      const sent = await reset(to);
      if (sent.ok || sent.problem.kind !== "refused") return sent;
      // "Already in that state" is said with 400 by some and 409 by others: the state itself tells.
      const now = await power();
      return now.ok && now.value === to ? success(undefined) : sent;
    },
    diag: () => reset("diag"),
    async identity() {
      const system = last === undefined ? await readSystem() : success(last);
      return system.ok ? success(identityOf(system.value)) : system;
    },
    close: () => api.close(),
  };
}
