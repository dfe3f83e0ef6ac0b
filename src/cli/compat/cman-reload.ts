/** `cman_tool version -r`: cluster.conf of this node into force, on all members or on none. */
import { OperationError } from "../../core/errors.ts";
import { EXIT } from "../exit-codes.ts";
import { clean } from "../format/text.ts";
import type { Session } from "../session.ts";
import { Die, isUnreachable } from "./old-tool.ts";

export async function reloadConfig({ ctx, client, call }: Session): Promise<number> {
  const by = ctx.user;
  try {
    const { inForce, file } = await client.config({}, call);
    if (file.version !== undefined && file.version <= inForce.version) {
      throw new Die("Not reloading, config version older or equal the running config");
    }
    const comment = "cman_tool version -r";
    const { version } = await client.configStage({ by, of: "file", comment, replace: true }, call);
    await client.configActivate({ by, version, comment, wait: false }, call);
    return EXIT.ok;
  } catch (error) {
    if (isUnreachable(error)) throw new Die("Cannot open connection to cman, is it running ?");
    if (!(error instanceof OperationError)) throw error;
    if (error.code === "CFG_INVALID" || error.code === "CFG_UNREADABLE") {
      ctx.out(`${clean(error.message).trim()}\n`);
      throw new Die("Not reloading, configuration is not valid");
    }
    ctx.err(`${clean(error.message)}\n`);
    throw new Die("Error loading configuration in corosync/cman");
  }
}
