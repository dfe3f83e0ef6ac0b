/** `ccs_tool lsnode|lsfence|query`: what other programs call of it. Deviations: docs/compat.md. */

import type { CliContext } from "../context.ts";
import { EXIT } from "../exit-codes.ts";
import { clean } from "../format/text.ts";
import { readFacts } from "./ccs-tool-read.ts";
import { formatLsFence, formatLsNode } from "./ccs-tool-text.ts";
import { getopt, has, lastValue } from "./getopt.ts";

const HELP = `ccs_tool lsnode|lsfence [-v] [-c FILE], ccs_tool query XPATH

  lsnode     nodes of cluster.conf, with votes, ids and first fence device
  lsfence    fence devices and their agents
  query      the first value that the XPath finds
  -v         all properties, passwords masked
  -c FILE    another file

To change the file: an editor, then bouncer config validate and stage.
`;

const EDITING = ["addnode", "delnode", "addfence", "delfence", "addnodeids", "create", "update", "upgrade"];
const EXIT_QUERY_FAILED = 255;

export async function runCcsTool(argv: readonly string[], ctx: CliContext): Promise<number> {
  const parsed = getopt("ccs_tool", argv, "hVvc:");
  if (!parsed.ok) return complain(ctx, parsed.complaint);
  const [verb, path] = parsed.words;
  if (has(parsed, "V")) {
    ctx.out(`ccs_tool ${ctx.version} (bouncer)\n`);
    return EXIT.ok;
  }
  if (has(parsed, "h") || verb === "help") {
    ctx.out(HELP);
    return EXIT.ok;
  }
  if (verb !== undefined && EDITING.includes(verb)) {
    return complain(
      ctx,
      `ccs_tool: ${verb} does not edit any more: change the file, then bouncer config stage`,
    );
  }
  if (verb === undefined || !["lsnode", "lsfence", "query"].includes(verb)) {
    return complain(ctx, `Unknown command, ${clean(verb ?? "")}.\nTry 'ccs_tool help' for help.`);
  }
  const facts = readFacts(ctx, lastValue(parsed, "c"));
  if (facts === undefined) return complain(ctx, "Unable to connect to ccs");
  if (verb === "query") {
    if (path === undefined) return complain(ctx, "ccs_tool: query needs an XPath");
    const value = facts.query(path);
    if (value === undefined) {
      ctx.err("Query failed: Invalid argument\n");
      return EXIT_QUERY_FAILED;
    }
    ctx.out(`${clean(value)}\n`);
    return EXIT.ok;
  }
  const isVerbose = has(parsed, "v");
  ctx.out(verb === "lsnode" ? formatLsNode(facts, isVerbose) : formatLsFence(facts, isVerbose));
  return EXIT.ok;
}

function complain(ctx: CliContext, text: string): number {
  ctx.err(`${text}\n`);
  return EXIT.failed;
}
