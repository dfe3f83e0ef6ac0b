/** The part of the command line that is about the console. */
import { isIP } from "node:net";
import { OperationError } from "../core/errors.ts";

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Whose word counts about who somebody is. */
  readonly proxy?: { readonly header: string; readonly from: string[] };
  /** Control socket of the demo that this daemon belongs to. */
  readonly demo?: string;
}

const text = { type: "string" } as const;
export const LISTEN_ARGUMENTS = {
  listen: text,
  "tls-cert": text,
  "tls-key": text,
  "proxy-user": text,
  "demo-control": text,
} as const;

type Values = Readonly<Partial<Record<string, string | boolean>>>;

/** Errors: `REQ_INVALID`. */
export function parseListen(values: Values): { readonly console?: ListenOptions } {
  const get = (name: keyof typeof LISTEN_ARGUMENTS): string | undefined => values[name] as string | undefined;
  const listen = get("listen");
  const [cert, key, proxy, demo] = [get("tls-cert"), get("tls-key"), get("proxy-user"), get("demo-control")];
  if (listen === undefined) {
    const alone = Object.keys(LISTEN_ARGUMENTS).find((name) => values[name] !== undefined);
    if (alone !== undefined) throw invalid(`--${alone} is only for --listen`);
    return {};
  }
  if ((cert === undefined) !== (key === undefined)) throw invalid("--tls-cert and --tls-key go together");
  return {
    console: {
      ...parseAddress(listen),
      ...(cert === undefined || key === undefined ? {} : { tls: { cert, key } }),
      ...(proxy === undefined ? {} : { proxy: parseProxy(proxy) }),
      ...(demo === undefined ? {} : { demo }),
    },
  };
}

/** `10.0.0.1:8442`, `[::1]:8442`, `:8442` and `*:8442` for all addresses. */
function parseAddress(listen: string): { readonly host: string; readonly port: number } {
  const [, bracketed, plain = "", digits = ""] = /^(?:\[([^\]]*)\]|([^:]*)):(\d{1,5})$/.exec(listen) ?? [];
  const port = Number(digits);
  const host = bracketed ?? (plain === "" || plain === "*" ? "0.0.0.0" : plain);
  const isName = bracketed === undefined && /^[a-z\d]([a-z\d.-]*[a-z\d])?$/i.test(host);
  if (digits === "" || port < 1 || port > 65_535 || (isIP(host) === 0 && !isName)) {
    throw invalid(`--listen ${listen}: must be ADDR:PORT, like 10.0.0.1:8442, [::1]:8442 or *:8442`);
  }
  return { host, port };
}

function parseProxy(proxy: string): { readonly header: string; readonly from: string[] } {
  const [, header = "", list = ""] = /^([A-Za-z][A-Za-z\d-]*)=(.+)$/.exec(proxy) ?? [];
  const from = list.split(",");
  if (header === "" || from.some((address) => isIP(address) === 0)) {
    throw invalid(`--proxy-user ${proxy}: must be HEADER=ADDR[,ADDR], like X-Remote-User=10.0.0.5`);
  }
  return { header, from };
}

function invalid(detail: string): OperationError {
  return new OperationError("REQ_INVALID", detail);
}
