/** Simulated fence devices: one per `<fencedevice>`, each wired to the node that uses it. */
import type { NodeConfig } from "../core/config.ts";
import type { Millis, NodeId } from "../core/ids.ts";
import type { AgentExit } from "../core/inputs.ts";
import type { DeviceFault, SimNode } from "./types.ts";

export interface DeviceRun {
  readonly executor: NodeId;
  readonly target: SimNode;
  readonly node: NodeConfig;
  readonly device: string;
  readonly action: string;
  readonly budgetMs: Millis;
  readonly agentMs: Millis;
  readonly fault: DeviceFault;
}

export interface DeviceAnswer {
  readonly afterMs: Millis;
  /** Carried out at the end of the run, before the answer. */
  readonly effect: "on" | "off" | undefined;
  readonly exit: () => Omit<AgentExit, "type" | "opId" | "tookMs">;
}

const failed = (detail: string) => ({ result: "failed", power: "unknown", detail }) as const;

/** What the device does with one run of its agent. The power is read at the end of the run. */
export function answerOf(run: DeviceRun): DeviceAnswer {
  const { fault, target, action, agentMs } = run;
  if (fault.type === "hangs") {
    return {
      afterMs: run.budgetMs,
      effect: undefined,
      exit: () => ({
        result: "timeout",
        power: "unknown",
        detail: `no answer within ${run.budgetMs / 1000} s`,
      }),
    };
  }
  const blind = fault.type === "blind" && fault.to.includes(run.executor);
  const dead = fault.type === "shares-power" && target.power === "off";
  if (fault.type === "fails" || blind || dead) {
    return {
      afterMs: agentMs,
      effect: undefined,
      exit: () => failed("Unable to connect/login to fencing device"),
    };
  }
  if (action === "status" || action === "monitor") {
    return {
      afterMs: agentMs,
      effect: undefined,
      exit: () => ({ result: "ok", power: target.power, detail: `Status: ${target.power.toUpperCase()}` }),
    };
  }
  const effect = fault.type === "lies" ? undefined : action === "off" || action === "on" ? action : undefined;
  return { afterMs: agentMs, effect, exit: () => ({ result: "ok", detail: "Success" }) };
}
