/** `cman_tool version -r`: cluster.conf of this node into force, on all members or on none. */
import { OperationError } from "../../core/errors.ts";
import { stageAndActivate } from "../config-life.ts";
import { EXIT } from "../exit-codes.ts";
import { clean } from "../format/text.ts";
import type { Session } from "../session.ts";
import { Die, isUnreachable } from "./old-tool.ts";

export async function reloadConfig(session: Session): Promise<number> {
  const { ctx, client, call } = session;
  try {
    const { inForce } = await client.config({}, call);
    // Read anew: what the daemon knows of the file may be older than the last edit.
    const file = await client.configText({ of: "file" }, call);
    if (file.version !== undefined && file.version <= inForce.version) {
      throw new Die("Not reloading, config version older or equal the running config");
    }
    const comment = "cman_tool version -r";
    await stageAndActivate(session, { of: "file" }, { comment, replace: true });
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
