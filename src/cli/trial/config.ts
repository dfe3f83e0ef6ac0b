/** The configuration that `coverage` and `what-if` play with, and what Corosync's times are in it. */
import { deviceAliases } from "../../config/device-aliases.ts";
import type { ParsedConfig } from "../../config/model.ts";
import type { AgentParameters } from "../../config/parameters.ts";
import type { ClusterConfig } from "../../core/config.ts";
import { OperationError } from "../../core/errors.ts";
import type { Millis } from "../../core/ids.ts";
import type { DeviceAliases } from "../../sim/trial/faults.ts";
import { type Timing, timingOf } from "../../sim/trial/timing.ts";
import type { CliContext } from "../context.ts";
import { TOKEN_MS_MAX } from "../options.ts";

export interface Played {
  readonly config: ClusterConfig;
  readonly aliases: DeviceAliases;
  readonly timing: Timing;
}

/** Errors: `CFG_UNREADABLE`, `CFG_INVALID`. */
export async function readPlayed(
  ctx: CliContext,
  options: { readonly config?: string; readonly token?: Millis },
): Promise<Played> {
  const { readConfig } = await import("../read-config.ts");
  const { path, parsed } = await readConfig(ctx, options.config, { lookAtNode: false });
  const { config, parameters } = parsed;
  if (config === undefined || parameters === undefined) {
    throw new OperationError("CFG_INVALID", `${path} cannot be used; see: bouncer config validate ${path}`);
  }
  return playedOf(config, parameters, options.token ?? tokenOf(parsed));
}

export function playedOf(
  config: ClusterConfig,
  parameters: AgentParameters,
  tokenMs: Millis | undefined,
): Played {
  return { config, aliases: deviceAliases(parameters), timing: timingOf(config, tokenMs) };
}

export function tokenOf({ totem }: ParsedConfig): Millis | undefined {
  const token = /^[0-9]{1,7}$/.test(totem.token ?? "") ? Number(totem.token) : 0;
  return token > 0 && token <= TOKEN_MS_MAX ? token : undefined;
}
