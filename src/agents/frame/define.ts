import type { AgentAction, BuiltinAgent } from "./agent.ts";
import type { PowerAgentSpec } from "./device.ts";
import { drive } from "./drive.ts";
import { failureText } from "./texts.ts";

const ACTIONS: readonly AgentAction[] = ["on", "off", "reboot", "status"];
const PLUG_ACTIONS: readonly AgentAction[] = ["list", "list-status"];
const LAST_ACTIONS: readonly AgentAction[] = ["monitor", "metadata", "manpage", "validate-all"];

/** Makes a complete agent of the few things that differ between devices. */
export function definePowerAgent(spec: PowerAgentSpec): BuiltinAgent {
  const { name, shortdesc, longdesc, parameters, inputRules } = spec;
  const hasPlugs = inputRules.plug === "required" || inputRules.plug === "optional";
  return {
    name,
    shortdesc,
    longdesc,
    vendorUrl: spec.vendorUrl ?? "",
    symlinks: spec.symlinks ?? [],
    parameters,
    inputRules,
    actions: spec.actions ?? [
      ...ACTIONS,
      ...(hasPlugs ? PLUG_ACTIONS : []),
      ...LAST_ACTIONS,
      ...(spec.moreActions ?? []),
    ],
    ...(spec.onTarget === undefined ? {} : { onTarget: spec.onTarget }),
    run: (action, values, context) => drive(spec, action, values, context),
    failureText: (problem, phase) => spec.failureText?.(problem, phase) ?? failureText(problem, phase),
  };
}
