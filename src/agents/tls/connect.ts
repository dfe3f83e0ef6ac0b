/** Opens one TLS connection to a device and checks who is at the other end before a byte is sent. */
import { lookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { type ConnectionOptions, connect, getCACertificates, type TLSSocket } from "node:tls";
import { type AgentContext, type ProblemKind, problem, type Result, success } from "../frame/agent.ts";
import { type Limit, within } from "./limit.ts";
import { connectProblem } from "./problems.ts";
import { secureOptions } from "./profile.ts";
import type { TlsTarget } from "./target.ts";
import type { Trust } from "./trust.ts";

/**
 * Resolves at the latest when `connectMs` or the context's time is over. Never rejects. A session of an
 * earlier conversation spares old cards the long sums of a handshake; one that does not bring the
 * certificate that is wanted is forgotten, and a whole handshake tells.
 */
export async function openTls(target: TlsTarget, context: AgentContext): Promise<Result<TLSSocket>> {
  const key = sessionKey(target);
  const session = context.warm?.sessionOf(key);
  const opened = await openOnce(target, context, key, session);
  if (opened.ok || session === undefined) return opened;
  context.warm?.keepSession(key, undefined);
  return RESUMED_IN_VAIN.has(opened.problem.kind) ? openOnce(target, context, key, undefined) : opened;
}

/** What a session that is no good any more can lead to. */
const RESUMED_IN_VAIN: ReadonlySet<ProblemKind> = new Set(["certificate", "lost", "unreachable"]);

/** Whoever is believed for another reason begins anew. */
function sessionKey({ host, port, profile, trust }: TlsTarget): string {
  const why =
    trust.type === "pin" ? trust.sha256 : trust.type === "authority" ? (trust.pem ?? []).join() : "";
  return [host, port, profile, trust.type, why].join(" ");
}

function openOnce(
  target: TlsTarget,
  context: AgentContext,
  key: string,
  session: Buffer | undefined,
): Promise<Result<TLSSocket>> {
  return within(target.connectMs, context, async (limit) => {
    if (limit.signal.aborted) return limit.problem("connecting to it");
    try {
      const resumed = session === undefined ? {} : { session };
      const socket = connect({ ...optionsOf(target), ...resumed, lookup: lookupWarm(context) });
      let last: Buffer | undefined;
      let isJudged = false;
      const keep = (): void => {
        if (isJudged && last !== undefined) context.warm?.keepSession(key, last);
      };
      socket.on("session", (next: Buffer) => {
        last = next;
        keep();
      });
      const opened = await secured(socket, target, limit);
      isJudged = opened.ok;
      keep();
      return opened;
    } catch (error) {
      // A port or a certificate that OpenSSL does not take.
      return problem("usage", `cannot connect: ${messageOf(error)}`);
    }
  });
}

/** As {@link ../frame/resolve.ts}: a shot takes the address of the last look. */
function lookupWarm({ warm }: AgentContext): LookupFunction {
  return (name, options, done) => {
    const known = warm?.addressOf(name);
    const give = (address: string): void => {
      const family = isIP(address);
      if (options.all === true) done(null, [{ address, family }]);
      else done(null, address, family);
    };
    if (known !== undefined) return give(known);
    lookup(name, { ...options, all: false }, (error, address) => {
      if (error !== null) return done(error, "", 0);
      warm?.keepAddress(name, address);
      give(address);
    });
  };
}

function optionsOf({ host, port, trust, profile }: TlsTarget): ConnectionOptions {
  // No SNI: some cards hang up on it, and none has more than one name.
  const base = { host, port, servername: "", ...secureOptions(profile) };
  // What we believe is judged below, for all kinds of trust at one place.
  const judged = { ...base, rejectUnauthorized: false };
  if (trust.type !== "authority") return judged;
  return { ...judged, ca: [...(trust.pem ?? authorities())] };
}

function secured(socket: TLSSocket, target: TlsTarget, limit: Limit): Promise<Result<TLSSocket>> {
  return new Promise((resolve) => {
    const end = (result: Result<TLSSocket>): void => {
      limit.signal.removeEventListener("abort", onLimit);
      socket.off("error", onError).off("close", onClose).off("secureConnect", onSecure);
      // From here on an error is noticed by whoever owns the socket; nobody must fall over one.
      socket.on("error", () => {});
      if (!result.ok) socket.destroy();
      resolve(result);
    };
    const onError = (error: Error): void => end(connectProblem(error, target));
    const onClose = (): void => end(problem("lost", "it closed the connection during the TLS handshake"));
    const onLimit = (): void =>
      end(limit.problem(socket.connecting ? "connecting to it" : "its TLS handshake"));
    const onSecure = (): void => end(judge(socket, target.trust));
    limit.signal.addEventListener("abort", onLimit, { once: true });
    socket.setNoDelay(true);
    socket.on("error", onError).on("close", onClose).on("secureConnect", onSecure);
  });
}

function judge(socket: TLSSocket, trust: Trust): Result<TLSSocket> {
  if (trust.type === "anybody") return success(socket);
  // A session is kept for the pin that its certificate had, and only who had the key can go on with it. Node
  // shows no certificate then. Looks begin anew each time: a certificate that changed is noticed by them.
  if (trust.type === "pin" && socket.isSessionReused()) return success(socket);
  if (trust.type === "authority") {
    if (socket.authorized) return success(socket);
    const why = String(socket.authorizationError ?? "no reason given");
    return problem(
      "certificate",
      `its certificate is not trusted (${why}): pin it with ssl_fingerprint, name its authority with ssl_ca, or set ssl_insecure`,
    );
  }
  const seen = (socket.getPeerCertificate()?.fingerprint256 ?? "").replaceAll(":", "").toLowerCase();
  if (seen === trust.sha256) return success(socket);
  const shown = seen === "" ? "it shows none" : `it shows ${seen}`;
  return problem("certificate", `its certificate is not the pinned one: ${shown}`);
}

let known: readonly string[] | undefined;

/** Read from the disk once, at the first use: the periodic checks come long before a shot. */
function authorities(): readonly string[] {
  known ??= [...new Set([...getCACertificates("default"), ...getCACertificates("system")])];
  return known;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "unknown";
}
