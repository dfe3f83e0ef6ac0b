/** Which names of fence devices stand for one thing. Pure. */
import type { AgentParameters } from "./parameters.ts";

/** Devices at one address are one device: what fails, fails under all its names. */
export function deviceAliases(parameters: AgentParameters): ReadonlyMap<string, string> {
  const firsts = new Map<string, string>();
  const aliases = new Map<string, string>();
  for (const { deviceName, pairs } of parameters.all) {
    const find = (...names: readonly string[]): string | undefined => {
      const value = pairs.findLast((pair) => names.includes(pair.name))?.value;
      return typeof value === "string" ? value : undefined;
    };
    const address = find("ip", "ipaddr", "hostname");
    if (address === undefined || address === "") continue;
    const place = `${address.toLowerCase()} ${find("ipport", "udpport") ?? ""}`;
    const first = firsts.get(place) ?? deviceName;
    firsts.set(place, first);
    aliases.set(deviceName, first);
  }
  return aliases;
}
