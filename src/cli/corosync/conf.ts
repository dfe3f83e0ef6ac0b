/** `bouncer corosync-conf` at work. */
import { type CorosyncDifference, compareCorosync } from "../../config/corosync/compare.ts";
import { corosyncSettings } from "../../config/corosync/settings.ts";
import {
  COROSYNC_CONF_CHARS_MAX,
  formatCorosyncConf,
  parseCorosyncConf,
} from "../../config/corosync/text.ts";
import { isUsable } from "../../config/diff/diff-configs.ts";
import { OperationError } from "../../core/errors.ts";
import type { CliContext } from "../context.ts";
import { EXIT } from "../exit-codes.ts";
import { UsageError } from "../fail.ts";
import { clean, labelled, lines } from "../format/text.ts";
import { COROSYNC_CONF_DEFAULT } from "../paths.ts";
import { readConfig } from "../read-config.ts";
import { type JsonOption, printJson, progress } from "../session.ts";
import { readMoment } from "./moment.ts";

export interface CorosyncConfOptions extends JsonOption {
  readonly config?: string;
  readonly write?: string;
  /** True: the one in force. */
  readonly diff?: string | true;
}

/** There when Proxmox VE keeps the file for all nodes. */
const PROXMOX = "/etc/pve";

/** Answers the exit code. Errors: `CFG_UNREADABLE`, `CFG_INVALID`. */
export async function corosyncConf(ctx: CliContext, options: CorosyncConfOptions): Promise<number> {
  const { path, parsed, root } = await readConfig(ctx, options.config, { lookAtNode: false });
  if (!isUsable(parsed) || root === undefined) {
    throw new OperationError("CFG_INVALID", `${path} cannot be used; see: bouncer config validate ${path}`);
  }
  const { keys, notes } = corosyncSettings(parsed, root);
  const text = heading(path, parsed.config.version) + formatCorosyncConf(keys);
  if (options.write !== undefined) write(ctx, options.write, text);
  const found = options.diff === undefined ? undefined : await readFound(ctx, options.diff);
  const differences = found === undefined ? [] : compareCorosync(keys, found.keys);
  const matters = differences.some(({ weight }) => weight === "matters");
  if (options.json) {
    const compared = found === undefined ? {} : { comparedWith: found.name, differences };
    printJson(ctx, { keys: Object.fromEntries(keys), notes, ...compared });
  } else if (found !== undefined) ctx.out(formatDifferences(found.name, differences, ctx));
  else if (options.write === undefined) ctx.out(text);
  if (!options.json) ctx.err(lines(notes.map((note) => `note: ${note}`)));
  return matters ? EXIT.failed : EXIT.ok;
}

function heading(path: string, version: number): string {
  return `# From ${clean(path)}, version ${version}, by bouncer corosync-conf. Equal on all nodes.\n`;
}

function write(ctx: CliContext, path: string, text: string): void {
  const isProxmox = ctx.files.list(PROXMOX).length > 0;
  if (isProxmox && (path.startsWith(`${PROXMOX}/`) || path.startsWith("/etc/corosync/"))) {
    throw new UsageError(
      "Proxmox VE keeps corosync.conf for all nodes: it is not written over",
      "See what differs: bouncer corosync-conf --diff; then edit /etc/pve/corosync.conf and raise its config_version.",
    );
  }
  const problem = ctx.files.replace(path, text);
  if (problem !== undefined)
    throw new OperationError("CFG_UNREADABLE", `${path} cannot be written: ${problem}`);
  progress(ctx, `${path} written; copy it to every node, then restart Corosync or: corosync-cfgtool -R`);
}

interface Found {
  readonly name: string;
  readonly keys: ReadonlyMap<string, string>;
}

async function readFound(ctx: CliContext, which: string | true): Promise<Found> {
  if (which === true) {
    const moment = await readMoment(ctx);
    if (moment !== undefined) return { name: "the running Corosync", keys: inForce(moment.cmap) };
  }
  const path = which === true ? COROSYNC_CONF_DEFAULT : which;
  const bytes = ctx.files.bytes(path, COROSYNC_CONF_CHARS_MAX + 1);
  if (typeof bytes === "string") {
    throw new OperationError("CFG_UNREADABLE", `${path} cannot be read: ${bytes}`);
  }
  const read = parseCorosyncConf(new TextDecoder().decode(bytes));
  if (!read.ok) throw new OperationError("CFG_UNREADABLE", `${path}:${read.line}: ${read.problem}`);
  return { name: path, keys: read.keys };
}

/** What runs counts, not what the file said; the coefficient is in the token already. */
function inForce(cmap: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const keys = new Map(cmap);
  for (const name of ["token", "consensus", "join"]) {
    const value = cmap.get(`runtime.config.totem.${name}`);
    if (value !== undefined && cmap.has(`totem.${name}`)) keys.set(`totem.${name}`, value);
  }
  return keys;
}

function formatDifferences(
  name: string,
  differences: readonly CorosyncDifference[],
  { paint, columns }: Pick<CliContext, "paint" | "columns">,
): string {
  if (differences.length === 0) return `${clean(name)} is what cluster.conf means.\n`;
  return lines(
    differences.flatMap(({ weight, text, effect }) => [
      `${weight === "matters" ? paint.bad("matters") : "differs"}: ${clean(text)}`,
      ...(effect === undefined ? [] : labelled("so", effect, { indent: 2, columns })),
    ]),
  );
}
