/** `ccs_config_dump`: the configuration as the old one printed it. Passwords are masked. */

import { CONFIG_BYTES_MAX } from "../../config/limits.ts";
import { configOf } from "../../config/model.ts";
import { isSecretName } from "../../config/secret.ts";
import { readTree } from "../../config/tree.ts";
import type { Element } from "../../config/xml.ts";
import type { CliContext } from "../context.ts";
import { EXIT } from "../exit-codes.ts";
import { CONFIG_DEFAULT } from "../paths.ts";
import { openSession } from "../session.ts";
import { clusterIdOf } from "./cman-view.ts";
import { getopt, has } from "./getopt.ts";
import { statusIfRunning } from "./old-tool.ts";

const HELP = `ccs_config_dump [-r] [-V] [-h]

Prints cluster.conf as it is understood, passwords masked.
`;

/** On any failure, and without a message: as it always was. */
const EXIT_FAILED = 255;

export async function runCcsConfigDump(argv: readonly string[], ctx: CliContext): Promise<number> {
  const parsed = getopt("ccs_config_dump", argv, "rhV");
  if (!parsed.ok) {
    ctx.err(`${parsed.complaint}\n`);
    return EXIT_FAILED;
  }
  if (has(parsed, "h") || has(parsed, "V")) {
    ctx.out(has(parsed, "h") ? HELP : `ccs_config_dump ${ctx.version} (bouncer)\n`);
    return EXIT.ok;
  }
  const bytes = ctx.files.bytes(ctx.env.BOUNCER_CONFIG ?? CONFIG_DEFAULT, CONFIG_BYTES_MAX + 1);
  if (typeof bytes === "string") return EXIT_FAILED;
  const tree = readTree(bytes);
  const { config } = configOf(tree);
  if (tree.root === undefined || config === undefined) return EXIT_FAILED;
  const status = await statusIfRunning(openSession(ctx, undefined)).catch(() => undefined);
  const own = status?.cluster === config.name ? [["nodename", status.node] as const] : [];
  const added = [...own, ["cluster_id", String(clusterIdOf(config.name))] as const];
  ctx.out(`<?xml version="1.0"?>\n${written(withCman(tree.root), added, "")}`);
  return EXIT.ok;
}

/** The old one always had a `cman`: it was made when it was missing. */
function withCman(root: Element): Element {
  if (root.children.some((child) => child.name === "cman")) return root;
  const cman = { name: "cman", place: root.place, attributes: [], children: [], hasText: false };
  return { ...root, children: [cman, ...root.children] };
}

type Added = readonly (readonly [name: string, value: string])[];

/** Depth is bounded: the tree was read with limits. */
function written(element: Element, added: Added, indent: string): string {
  const own = element.attributes.map(({ name, value }) => [name, masked(name, value)] as const);
  const known = new Set(own.map(([name]) => name));
  const all = [...own, ...(element.name === "cman" ? added.filter(([name]) => !known.has(name)) : [])];
  const tag = [element.name, ...all.map(([name, value]) => `${name}="${escaped(value)}"`)].join(" ");
  if (element.children.length === 0) return `${indent}<${tag}/>\n`;
  const inner = element.children.map((child) => written(child, added, `${indent}\t`)).join("");
  return `${indent}<${tag}>\n${inner}${indent}</${element.name}>\n`;
}

function masked(name: string, value: string): string {
  return isSecretName(name) && value !== "" ? "[secret]" : value;
}

function escaped(value: string): string {
  return value
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&apos;");
}
