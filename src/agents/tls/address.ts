import { problem, type Result, success } from "../frame/agent.ts";
import type { Values } from "../frame/values.ts";

export interface Address {
  readonly host: string;
  readonly port: number;
}

/**
 * Where the device is: `ip` (or `plug`, with port_as_ip) and `ipport`. An address may be in brackets;
 * `host:port` in one works as it does with the original agents.
 */
export function addressOf(values: Values, defaultPort: number): Result<Address> {
  const written = (values.isOn("port_as_ip") ? values.text("plug") : undefined) ?? values.text("ip") ?? "";
  const text = written.trim();
  const [, host = "", own] = /^\[([^\]]*)\](?::(\d+))?$/.exec(text) ??
    /^([^:]*):(\d+)$/.exec(text) ?? ["", text];
  if (host === "") return problem("usage", "the address of the device is missing: set ip");
  if (!/^[A-Za-z0-9._:%-]{1,255}$/.test(host)) return problem("usage", "ip is neither a name nor an address");
  const port = own === undefined ? values.number("ipport", defaultPort) : Number(own);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return success({ host, port });
  return problem("usage", "ipport is no port number: 1 to 65535");
}

/** Units: ms. A limit given in seconds; 0, or disable_timeout, leaves it to the whole action's limit. */
export function limitMs(values: Values, name: string, fallbackSeconds: number): number {
  const seconds = values.isOn("disable_timeout") ? 0 : values.number(name, fallbackSeconds);
  return seconds > 0 ? seconds * 1_000 : Number.POSITIVE_INFINITY;
}
