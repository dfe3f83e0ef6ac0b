import { problem, type Result, success } from "../frame/agent.ts";
import type { Api } from "./api.ts";
import { linkOf, membersOf } from "./json.ts";

/** Members that are named when there is more than one. */
const SHOWN_MAX = 8;

/**
 * The one system behind this controller. With several, guessing would fence the wrong machine:
 * the order in which they are listed says nothing.
 */
export async function discoverSystem(api: Api, root: string): Promise<Result<string>> {
  const service = await api.get(root);
  if (!service.ok) return service;
  const link = linkOf(service.value["Systems"]);
  if (link === undefined) return problem("missing", `${root} names no systems: is this a Redfish service?`);
  const collection = await api.get(link);
  if (!collection.ok) return collection;
  const members = membersOf(collection.value);
  const [only] = members;
  if (only === undefined) return problem("missing", `${link} lists no system`);
  if (members.length === 1) return success(only);
  const shown = members.slice(0, SHOWN_MAX).join(", ") + (members.length > SHOWN_MAX ? ", …" : "");
  return problem("usage", `there are ${members.length} systems: name one of them with systems_uri: ${shown}`);
}
