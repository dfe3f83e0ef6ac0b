/**
 * From the lines of a method to what is really done, in which order. `reboot` becomes off, read
 * back, on: the victim is done at "read back off". Source: docs/protocol.md, "Fencing a victim".
 */
import type { AgentTraits, DeviceUse, Grade, MethodConfig, NodeConfig } from "../config.ts";

/**
 * `off`: cut it off. `read`: read back that it is off. `raw`: an action whose effect nothing reads
 * back. Everything before `proof` must succeed; `on` comes after it and proves nothing.
 */
export type PlanStep =
  | { readonly type: "off" | "read" | "on"; readonly device: number }
  | { readonly type: "raw"; readonly device: number; readonly action: string };

export interface MethodPlan {
  /** In order; all must succeed for the method to count. */
  readonly proof: readonly PlanStep[];
  /** Afterwards, with nobody waiting. */
  readonly after: readonly PlanStep[];
}

/** Old names of actions. Source: fence-agents, fabric agents' `disable` and `enable`. */
const ALIASES: Readonly<Record<string, string>> = { disable: "off", enable: "on" };

function traitsOf(traits: readonly AgentTraits[], agent: string): AgentTraits | undefined {
  return traits.find((one) => one.agent === agent);
}

/** The action that a line asks for, spelled out. */
export function actionOf(use: DeviceUse, traits: readonly AgentTraits[]): string {
  const written = use.action?.toLowerCase();
  const action = written ?? traitsOf(traits, use.agent)?.defaultAction ?? "reboot";
  return ALIASES[action] ?? action;
}

/** Agents that cannot read power back leave proof of grade D at most. */
export function canRead(use: DeviceUse, traits: readonly AgentTraits[]): boolean {
  const actions = traitsOf(traits, use.agent)?.actions ?? [];
  return actions.length === 0 || actions.includes("status") || actions.includes("monitor");
}

/**
 * Is the agent known to reboot by itself? Of one whose metadata could not be read nobody knows: it
 * may cut a node off from a switch, and "on" would give the storage back to a node that still runs.
 */
function canReboot(use: DeviceUse, traits: readonly AgentTraits[]): boolean {
  return traitsOf(traits, use.agent)?.actions.includes("reboot") === true;
}

/** It leaves its victim running, without a way to the storage. */
function cutsStorage(use: DeviceUse, traits: readonly AgentTraits[]): boolean {
  return traitsOf(traits, use.agent)?.cuts === "storage";
}

/** What off, read back at all devices of the method, proves: the weakest of them counts. */
export function gradeOfOff(method: MethodConfig, traits: readonly AgentTraits[]): Grade {
  return method.devices.some((use) => cutsStorage(use, traits)) ? "B" : "A";
}

export function planMethod(method: MethodConfig, traits: readonly AgentTraits[]): MethodPlan {
  const proof: PlanStep[] = [];
  const after: PlanStep[] = [];
  const reads: PlanStep[] = [];
  const off = (device: number): void => {
    if (proof.some((step) => step.type === "off" && sameDevice(method, step.device, device))) return;
    proof.push({ type: "off", device });
    const use = method.devices[device] as DeviceUse;
    if (canRead(use, traits)) reads.push({ type: "read", device });
  };
  const on = (device: number): void => {
    // An executor's on would give the victim its key back, or take it for the executor's own.
    if (!cutsStorage(method.devices[device] as DeviceUse, traits)) after.push({ type: "on", device });
  };
  method.devices.forEach((use, device) => {
    const action = actionOf(use, traits);
    if (action === "off") off(device);
    else if (action === "reboot") {
      off(device);
      if (use.action !== undefined || canReboot(use, traits)) on(device);
    } else if (action === "on") on(device);
    else proof.push({ type: "raw", device, action });
  });
  return { proof: [...proof, ...reads], after };
}

/** Two lines that name the same outlet of the same device are one thing to switch off. */
function sameDevice(method: MethodConfig, a: number, b: number): boolean {
  const left = method.devices[a];
  const right = method.devices[b];
  return left !== undefined && right !== undefined && isOneOutlet(left, right);
}

function isOneOutlet(a: DeviceUse, b: DeviceUse): boolean {
  return a.device === b.device && a.plug === b.plug;
}

/**
 * The line of a method that cuts off this node together with the victim, when there is one: whoever
 * shoots by it dies before it can tell what it read. Without a plug nobody can say what two lines share.
 */
export function outletShared(method: MethodConfig, self: NodeConfig | undefined): DeviceUse | undefined {
  const own = (self?.methods ?? []).flatMap(({ devices }) => devices);
  return method.devices.find((use) => use.plug !== "" && own.some((other) => isOneOutlet(use, other)));
}

/** Is every line that was switched off also read back? Only then the proof is of grade A. */
export function isReadBack(plan: MethodPlan): boolean {
  const offs = plan.proof.filter((step) => step.type === "off");
  const reads = plan.proof.filter((step) => step.type === "read");
  return offs.length > 0 && offs.length === reads.length && !plan.proof.some((step) => step.type === "raw");
}
