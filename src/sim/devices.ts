/** Simulated fence devices: one per `<fencedevice>`, each wired to the node that uses it. */
import type { AgentTraits, NodeConfig } from "../core/config.ts";
import type { Millis, NodeId } from "../core/ids.ts";
import type { AgentExit } from "../core/inputs.ts";
import type { DeviceFault, SimNode } from "./types.ts";

/** What every simulated agent says of itself. */
export const SIM_TRAITS: readonly AgentTraits[] = [
  {
    agent: "fence_sim",
    installed: true,
    actions: ["on", "off", "reboot", "status", "monitor", "metadata"],
    defaultAction: "reboot",
  },
  {
    agent: "fence_brocade",
    installed: true,
    actions: ["on", "off", "status", "monitor", "metadata"],
    defaultAction: "off",
  },
  {
    agent: "fence_scsi",
    installed: true,
    actions: ["on", "off", "status", "monitor", "metadata"],
    defaultAction: "off",
    cuts: "storage",
  },
];

export interface DeviceRun {
  readonly executor: NodeId;
  readonly target: SimNode;
  readonly node: NodeConfig;
  readonly device: string;
  /** What the device sees now. */
  readonly reading: () => "on" | "off";
  readonly action: string;
  readonly budgetMs: Millis;
  readonly agentMs: Millis;
  readonly fault: DeviceFault;
}

export interface DeviceAnswer {
  readonly afterMs: Millis;
  /** What it does to the power. */
  readonly effect: "on" | "off" | undefined;
  /** When it does that; absent: at the end of the run at the latest. */
  readonly effectMs?: Millis;
  readonly exit: () => Omit<AgentExit, "type" | "opId" | "tookMs">;
}

const failed = (detail: string) => ({ result: "failed", power: "unknown", detail }) as const;

function timeout(run: DeviceRun): DeviceAnswer["exit"] {
  return () => ({
    result: "timeout",
    power: "unknown",
    detail: `no answer within ${run.budgetMs / 1000} s`,
  });
}

/** `cycle` switches off for a moment and on again: the caller cannot tell whether it did. */
function effectOf(action: string): "on" | "off" | undefined {
  if (action === "cycle") return "off";
  return action === "off" || action === "on" ? action : undefined;
}

/** What the device does with one run of its agent. The power is read at the end of the run. */
export function answerOf(run: DeviceRun): DeviceAnswer {
  const { fault, target, action, agentMs } = run;
  if (fault.type === "hangs") return { afterMs: run.budgetMs, effect: undefined, exit: timeout(run) };
  const blind = fault.type === "blind" && fault.to.includes(run.executor);
  const dead = fault.type === "shares-power" && target.power === "off";
  const stays = fault.type === "stays-off" && action === "on";
  if (fault.type === "fails" || blind || dead || stays) {
    return {
      afterMs: agentMs,
      effect: undefined,
      exit: () => failed("Unable to connect/login to fencing device"),
    };
  }
  const late = fault.type === "slow" && fault.ms > run.budgetMs;
  const afterMs = late ? run.budgetMs : fault.type === "slow" ? fault.ms : agentMs;
  if (action === "status" || action === "monitor") {
    const read = (): ReturnType<DeviceAnswer["exit"]> => {
      const power = fault.type === "misreads" ? "off" : run.reading();
      return { result: "ok", power, detail: `Status: ${power.toUpperCase()}` };
    };
    return { afterMs, effect: undefined, exit: late ? timeout(run) : read };
  }
  const deaf = fault.type === "lies" || fault.type === "misreads";
  const effect = deaf ? undefined : effectOf(action);
  if (late) return { afterMs, effect, effectMs: fault.ms, exit: timeout(run) };
  return { afterMs, effect, exit: () => ({ result: "ok", detail: "Success" }) };
}
