/**
 * Does every line cut off its own node? Lines are written by copying: the worst slip is one that still
 * cuts off the node that it was copied from, because that is then taken for the proof.
 */
import { type ListedLine, sentValue } from "./line-list.ts";
import type { Place, Problems } from "./problem.ts";
import { attributeOf, placeOf, quoted } from "./values.ts";

/** One address, one machine: these agents have no plugs, or can do without. */
const ONE_MACHINE =
  /(?:^|\/)fence_(?:ilo\d?|ilo\d?_ssh|ilo_ssh|ilo_mp|ipmilan|ipmilanplus|idrac|imm|redfish|drac|rsa|rsb|amt|alom)$/;

export function checkTargets(
  lines: readonly ListedLine[],
  nodeNames: readonly string[],
  problems: Problems,
): void {
  const names = new Map(nodeNames.map((name) => [name.toLowerCase(), name]));
  const firsts = new Map<string, ListedLine>();
  for (const line of lines) {
    checkOneTarget(line, firsts, problems);
    checkNodename(line, names, problems);
    checkDeviceName(line, names, problems);
  }
}

/** Two nodes behind one outlet: whoever cuts off the one cuts off the other, or only the other. */
function checkOneTarget(line: ListedLine, firsts: Map<string, ListedLine>, problems: Problems): void {
  if (line.method === undefined) return;
  const target = targetOf(line);
  if (target === undefined) return;
  const first = firsts.get(target);
  if (first === undefined) firsts.set(target, line);
  else if (first.node !== line.node) {
    problems.error(
      line.element.place,
      `node ${quoted(line.node)} is cut off by the very outlet that cuts off ${quoted(first.node)}`,
      `its own outlet or address; line ${first.element.place.line} has this one for ${quoted(first.node)}`,
      { reason: "the wrong machine would be switched off and taken for the right one" },
    );
  }
}

/** What is switched: address, port of the service, plug. Undefined when that cannot be told. */
function targetOf(line: ListedLine): string | undefined {
  const address = sentValue(line, "ip", "ipaddr", "hostname");
  if (address === undefined || address === "") return undefined;
  const plug = sentValue(line, "plug", "port", "systems_uri", "systems-uri") ?? "";
  if (plug === "" && !ONE_MACHINE.test(line.device.agent)) return undefined;
  const service = sentValue(line, "ipport", "udpport") ?? "";
  return [address.toLowerCase(), service, plug, sentValue(line, "switch") ?? ""].join("\n");
}

function checkNodename(line: ListedLine, names: ReadonlyMap<string, string>, problems: Problems): void {
  const written = attributeOf(line.element, "nodename");
  const other = names.get(written?.value.toLowerCase() ?? "");
  if (written !== undefined && other !== undefined && isOther(other, line)) {
    const what = `nodename is ${quoted(other)} on a line of node ${quoted(line.node)}`;
    problems.error(written.place, what, `${quoted(line.node)}, or no nodename: it is sent anyway`, {
      reason: "the agent would cut off the other node",
    });
  }
  const plug = attributeOf(line.element, "plug") ?? attributeOf(line.element, "port");
  const named = names.get(plug?.value.toLowerCase() ?? "");
  if (plug !== undefined && named !== undefined && isOther(named, line)) {
    const what = `${plug.name} is ${quoted(named)} on a line of node ${quoted(line.node)}`;
    problems.error(plug.place, what, `the outlet or machine of ${quoted(line.node)}`, {
      reason: "it has the name of another node, which would be cut off",
    });
  }
}

function checkDeviceName(line: ListedLine, names: ReadonlyMap<string, string>, problems: Problems): void {
  const other = names.get(line.device.name.toLowerCase());
  if (other === undefined || !isOther(other, line)) return;
  const what = `fence device ${quoted(line.device.name)} has the name of another node than ${quoted(line.node)}`;
  const place: Place = placeOf(line.element, "name");
  const fix = `the device that cuts off ${quoted(line.node)}`;
  if (ONE_MACHINE.test(line.device.agent)) {
    problems.error(place, what, fix, { reason: `it would cut off ${quoted(other)}` });
  } else problems.warn(place, what, fix);
}

function isOther(name: string, line: ListedLine): boolean {
  return name.toLowerCase() !== line.node.toLowerCase();
}
