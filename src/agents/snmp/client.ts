/** SNMP with one device: values come back checked, failures as values. */
import { isIP } from "node:net";
import {
  createSession,
  createV3Session,
  isVarbindError,
  ObjectType,
  SecurityLevel,
  type Session,
  type Varbind,
  Version1,
  Version2c,
} from "net-snmp";
import type { Millis } from "../../core/ids.ts";
import { type AgentContext, problem, type Result, success } from "../frame/agent.ts";
import { resolveName } from "../frame/resolve.ts";
import type { Address } from "../tls/address.ts";
import { within } from "../tls/limit.ts";
import { exchangeProblem, silenceProblem, socketProblem } from "./problems.ts";
import { AUTHENTICATED, ENCRYPTED, isProtected } from "./security-flags.ts";
import type { SnmpAccess } from "./settings.ts";
import { createGuardedDgram } from "./socket.ts";

/** Units: ms. Waits between sendings: each is twice the one before, until the limit of the exchange. */
const RESEND_MS_MIN: Millis = 250;
const RESENDINGS_MAX = 20;

export interface Row {
  readonly oid: string;
  readonly value: Value;
}

/** What an object holds. OIDs are texts, also octet strings, one character a byte. */
export type Value = string | number | undefined;

export interface Snmp {
  /** For messages: `192.0.2.7:161`. */
  readonly device: string;
  /** Its value; `missing` when there is no such object. */
  get(oid: string): Promise<Result<Value>>;
  /** The device accepted it. Whether it did it, only a `get` tells. */
  setInteger(oid: string, value: number): Promise<Result<void>>;
  /** Everything below `oid`, at most `rowsMax` of it. Empty: there is nothing. */
  walk(oid: string, rowsMax: number): Promise<Result<readonly Row[]>>;
  close(): void;
}

type Done = (error: Error | null, varbinds?: Varbind[]) => void;

export async function openSnmp(
  { host, port }: Address,
  access: SnmpAccess,
  answerMs: Millis,
  context: AgentContext,
): Promise<Result<Snmp>> {
  const address = await resolveName(host, context);
  if (!address.ok) return address;
  const device = host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
  let dead: string | undefined;
  let onDead = (): void => {};
  const dgramModule = createGuardedDgram({ address: address.value, port }, acceptsOf(access), (code) => {
    dead = code;
    onDead();
  });
  const transport = isIP(address.value) === 6 ? ("udp6" as const) : ("udp4" as const);
  const pace = { timeout: RESEND_MS_MIN, retries: RESENDINGS_MAX, backoff: 2 };
  // An answer that names another object than the one asked for is none.
  const options = { transport, port, dgramModule, ...pace, reportOidMismatchErrors: true };
  let session: Session;
  try {
    session =
      access.version === "3"
        ? createV3Session(address.value, access.user, options)
        : createSession(address.value, access.community, {
            ...options,
            version: access.version === "1" ? Version1 : Version2c,
          });
  } catch {
    return problem("usage", "these parameters of SNMP do not fit together");
  }
  session.on("error", () => {}); // Nonsense that arrived: silence is what it is worth.

  function exchange(what: string, start: (done: Done) => void): Promise<Result<readonly Varbind[]>> {
    return within(
      answerMs,
      context,
      (limit) =>
        new Promise((resolve) => {
          const end = (result: Result<readonly Varbind[]>): void => {
            limit.signal.removeEventListener("abort", onLimit);
            onDead = () => {};
            resolve(result);
          };
          const onLimit = (): void => {
            const late = limit.problem(`the answer to ${what}`);
            end(late.problem.kind === "timeout" ? silenceProblem(device, what, access.version) : late);
          };
          limit.signal.addEventListener("abort", onLimit);
          onDead = () => end(socketProblem(dead ?? "error", device));
          if (dead !== undefined) return onDead();
          if (limit.signal.aborted) return onLimit();
          start((error, varbinds) =>
            end(
              error === null ? success(varbinds ?? []) : exchangeProblem(error, device, what, access.version),
            ),
          );
        }),
    );
  }

  return success({
    device,
    async get(oid) {
      const got = await exchange(`get ${oid}`, (done) => session.get([oid], done));
      if (!got.ok) return got;
      const [varbind] = got.value;
      if (varbind === undefined || isVarbindError(varbind)) {
        return problem("missing", `${device} has no object ${oid}`);
      }
      return success(valueIn(varbind));
    },
    async setInteger(oid, value) {
      const varbind = { oid, type: ObjectType.Integer, value };
      const told = await exchange(`set ${oid}`, (done) => session.set([varbind], done));
      return told.ok ? success(undefined) : told;
    },
    async walk(oid, rowsMax) {
      const rows: Row[] = [];
      let at = oid;
      while (rows.length < rowsMax) {
        const from = at;
        const got = await exchange(`the object after ${from}`, (done) => session.getNext([from], done));
        // Version 1 says so when there is nothing behind it.
        if (!got.ok && got.problem.kind === "missing") break;
        if (!got.ok) return got;
        const [varbind] = got.value;
        if (varbind === undefined || isVarbindError(varbind) || !varbind.oid.startsWith(`${oid}.`)) break;
        if (!isBehind(from, varbind.oid)) {
          return problem("protocol", `${device}: a walk through ${oid} goes in a circle`);
        }
        at = varbind.oid;
        rows.push({ oid: at, value: valueIn(varbind) });
      }
      return success(rows);
    },
    close: () => void session.close(),
  });
}

function acceptsOf(access: SnmpAccess): (bytes: Buffer) => boolean {
  if (access.version !== "3" || access.user.level === SecurityLevel.noAuthNoPriv) return () => true;
  const wanted = access.user.level === SecurityLevel.authPriv ? AUTHENTICATED | ENCRYPTED : AUTHENTICATED;
  return (bytes) => isProtected(bytes, wanted);
}

function valueIn({ type, value }: Varbind): Value {
  if (Buffer.isBuffer(value)) return value.toString("latin1");
  if (typeof value === "string") return value;
  // Only a plain integer is a state: a counter that happens to be 2 is none.
  return type === ObjectType.Integer && typeof value === "number" ? value : undefined;
}

function isBehind(one: string, other: string): boolean {
  const [a, b] = [one.split(".").map(Number), other.split(".").map(Number)];
  for (let at = 0; at < b.length; at++) {
    const [left, right] = [a[at], b[at] ?? 0];
    if (left === undefined || right > left) return true;
    if (right < left) return false;
  }
  return false;
}
