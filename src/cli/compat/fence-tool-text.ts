/** Texts of `fence_tool`, byte for byte. Source: legacy fence_tool of cluster 3.x. */
import type { LogEvent } from "../../api/events.ts";
import type { DoneHow } from "../../core/ledger.ts";
import type { NodeView, StatusView } from "../../core/view/types.ts";

/** Seven lines and a blank one; the label is padded to 14 columns, each id is followed by a space. */
export function formatLs(status: StatusView): string {
  return `${sevenLines(status)}\n`;
}

/** `ls -n`: no blank line before `all nodes`, one at the end; everything by node id. */
export function formatLsNodes(status: StatusView): string {
  const nodes = [...status.nodes].sort((a, b) => a.id - b.id).map((node) => nodeLine(node, status));
  return `${sevenLines(status)}all nodes\n${nodes.join("")}\n`;
}

function sevenLines({ domain }: StatusView): string {
  const members = [...domain.members].sort((a, b) => a - b).map((id) => `${id} `);
  return [
    "fence domain\n",
    `member count  ${domain.memberCount}\n`,
    `victim count  ${domain.victimCount}\n`,
    `victim now    ${domain.victimNow}\n`,
    `master nodeid ${domain.masterNodeid}\n`,
    `wait state    ${domain.waitState}\n`,
    `members       ${members.join("")}\n`,
  ].join("");
}

/** 1 yes, 0 no, -1 disallowed: present, and not let in. */
function memberFlag(node: NodeView): number {
  if (node.state === "member" || node.state === "joining") return 1;
  return node.state === "expelled" || node.state === "refused" ? -1 : 0;
}

/** The old words, and the nearest of them for what the old stack did not know. */
const HOW: Record<DoneHow, string> = {
  agent: "agent",
  member: "member",
  reunited: "member",
  external: "external",
  override: "override",
  watchdog: "unknown",
};

function nodeLine(node: NodeView, status: StatusView): string {
  const victim = status.victims.some((one) => one.id === node.id) ? 1 : 0;
  const last = node.lastFenced;
  const how = last === undefined ? "none" : HOW[last.how];
  return `nodeid ${node.id} member ${memberFlag(node)} victim ${victim} last fence master ${last?.executor ?? 0} how ${how}\n`;
}

/** Units: bytes. The old ring buffer cut its lines here. */
const DUMP_LINE_BYTES_MAX = 255;

/** One line of `fence_tool dump`: epoch seconds and the message. */
export function formatDumpLine(event: LogEvent): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a line must stay a line.
  const text = event.text.replace(/[\u0000-\u001f\u007f]+/g, " ");
  const line = `${Math.floor(event.at / 1000)} ${text}`;
  const bytes = Buffer.from(line);
  if (bytes.length <= DUMP_LINE_BYTES_MAX) return `${line}\n`;
  return `${bytes
    .subarray(0, DUMP_LINE_BYTES_MAX)
    .toString("utf8")
    .replace(/\ufffd+$/, "")}\n`;
}
