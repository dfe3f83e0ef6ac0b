/** What a scenario shows when it is asked to: a daemon's answers, and the state of the world. */
import type { NodeId } from "../core/ids.ts";
import { isKept } from "../core/locks/own.ts";
import type { Lock } from "../core/locks/resource.ts";
import { allResources } from "../core/locks/table.ts";
import { formatDuration } from "../core/view/verdict.ts";
import type { SimNode } from "./types.ts";
import type { World } from "./world.ts";

export function ls(world: World, node: NodeId): string {
  const domain = world.status(node)?.domain;
  if (domain === undefined) return "error: no daemon\n";
  return [
    `member count  ${domain.memberCount}`,
    `victim count  ${domain.victimCount}`,
    `victim now    ${domain.victimNow}`,
    `master nodeid ${domain.masterNodeid}`,
    `wait state    ${domain.waitState}`,
    `members       ${domain.members.join(" ")}`,
    "",
  ].join("\n");
}

export function why(world: World, node: NodeId): string {
  const status = world.status(node);
  if (status === undefined) return "error: no daemon\n";
  const causes = status.why.map(
    (cause) => `${cause.node ?? "-"}: ${cause.step}\n  ends when ${cause.endsWhen}\n`,
  );
  return `${status.verdict}\n${causes.join("")}`;
}

export function history(world: World, node: NodeId): string {
  const incidents = world.nodes.get(node)?.core?.ledger.incidents ?? [];
  if (incidents.length === 0) return "no incidents\n";
  return incidents
    .map((i) => {
      const proof = i.evidence.map((e) => `${e.grade} ${e.source}`).join("; ");
      return `#${i.seq} ${i.name} ${i.cause}, ${i.how}, took ${formatDuration(i.doneAt - i.firstSeenAt)}: ${proof}\n`;
    })
    .join("");
}

export function configs(world: World, node: NodeId): string {
  const core = world.nodes.get(node)?.core;
  if (core === undefined) return "error: no daemon\n";
  const { staged, activated } = core.ledger.configs;
  const lines = activated.map(({ version, by, comment, confirm }) => {
    const open = confirm === undefined ? "" : ", to be confirmed";
    return `version ${version} ${by === "" ? comment : by}${open}\n`;
  });
  const reports = staged?.reports.map(
    (report) => `n${report.node} ${report.ok ? "ok" : report.problems.join(", ")}`,
  );
  if (staged !== undefined) lines.push(`staged ${staged.version} by ${staged.by}: ${reports?.join("; ")}\n`);
  return `uses version ${core.config.version}\n${lines.join("")}`;
}

/** Ground truth of one machine, in a word or two. */
function stateOf(node: SimNode): string {
  if (node.power === "off") return node.dead ? "dead" : "off";
  if (node.hung) return "stands still";
  const gate = node.writing ? "writes" : "held";
  if (!node.engine) return node.core === undefined ? "boots" : `${gate}, without corosync`;
  if (node.core === undefined) return `${gate}, without a daemon`;
  return node.paused ? `${gate}, its daemon stands still` : gate;
}

/** Every machine, on one line. */
export function state(world: World): string {
  return `${[...world.nodes.values()].map((node) => `n${node.id} ${stateOf(node)}`).join(" · ")}\n`;
}

/** The table as one node's ledger has it, by name; in brackets what its node only keeps. */
export function locks(world: World, node: NodeId): string {
  const core = world.nodes.get(node)?.core;
  if (core === undefined) return "error: no daemon\n";
  const shown = (lock: Lock): string => {
    const own = world.nodes.get(lock.node)?.core?.locks;
    const mode = own !== undefined && isKept(own, lock.id) ? `(${lock.mode})` : (lock.mode ?? "");
    return `n${lock.node}:${mode}${lock.wants === undefined ? "" : `>${lock.wants}`}`;
  };
  const rows = [...allResources(core.ledger.locks)].map(({ name, granted, converting, waiting, value }) => {
    const said = value === undefined ? "" : ` value ${value.data}${value.valid ? "" : " in doubt"}`;
    const lists = [granted, converting, waiting].map((list) => list.map(shown).join(" "));
    return `${name}: ${lists.join(" | ").trim()}${said}\n`;
  });
  return rows.length === 0 ? "no locks\n" : rows.sort().join("");
}
