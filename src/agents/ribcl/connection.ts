/** One conversation with a device: the declaration, then request after request. */
import type { TLSSocket } from "node:tls";
import type { Millis } from "../../core/ids.ts";
import { type AgentContext, type ProblemKind, problem, type Result, success } from "../frame/agent.ts";
import { openTls } from "../tls/connect.ts";
import { type Limit, within } from "../tls/limit.ts";
import type { TlsTarget } from "../tls/target.ts";
import { failureOf } from "./answer.ts";
import { type RibclDocument, versionOf } from "./document.ts";
import { createInbox, type Inbox } from "./inbox.ts";
import { GOODBYE_MS, TRAILING_SILENCE_MS } from "./limits.ts";
import { DECLARATION, openRoot, type Script, together } from "./script.ts";

export interface Exchange {
  readonly script: Script;
  /** Is this what the request is about? It is not complete without; little may follow it. */
  readonly isAnswer: (document: RibclDocument) => boolean;
  /** Units: ms without a further document. */
  readonly patienceMs: Millis;
}

export interface RibclConnection {
  /** Open and without an exchange that went wrong: good for another one. */
  readonly usable: boolean;
  /** All documents that came, also when one of them is a complaint, which ends it. */
  exchange(exchange: Exchange): Promise<Result<readonly RibclDocument[]>>;
  close(): void;
}

export interface RibclConnectionOptions {
  readonly target: TlsTarget;
  /** Units: ms for the answer to the declaration. */
  readonly loginMs: Millis;
  /** Said by the configuration; otherwise the device says it. */
  readonly version?: number;
}

export async function openRibcl(
  { target, loginMs, version }: RibclConnectionOptions,
  context: AgentContext,
): Promise<Result<RibclConnection>> {
  const opened = await openOldTls(target, context);
  if (!opened.ok) return opened;
  const socket = opened.value;
  const inbox = createInbox(socket);
  socket.write(DECLARATION);
  const answer = await within(loginMs, context, async (limit) => {
    const next = await inbox.next(limit.signal);
    return next === "silence" ? limit.problem("its answer to the greeting") : next;
  });
  if (!answer.ok) {
    socket.destroy();
    return answer;
  }
  const bad = failureOf([answer.value]);
  if (bad !== undefined) {
    socket.destroy();
    return problem("protocol", `it does not take the greeting: ${bad.message}`);
  }
  return success(conversation(socket, inbox, version ?? versionOf(answer.value) ?? 2, context));
}

/** Some cards hang up on a greeting that offers anything newer than they know: they get an old one. */
async function openOldTls(target: TlsTarget, context: AgentContext): Promise<Result<TLSSocket>> {
  const opened = await openTls(target, context);
  if (opened.ok || opened.problem.kind !== "lost" || target.profile !== "legacy") return opened;
  return openTls({ ...target, profile: "tls1.0" }, context);
}

function conversation(
  socket: TLSSocket,
  inbox: Inbox,
  version: number,
  context: AgentContext,
): RibclConnection {
  let rootIsOpen = false;
  let usable = true;
  const spoil = <T>(result: T): T => {
    usable = false;
    return result;
  };

  async function read(limit: Limit): Promise<Result<RibclDocument>> {
    const next = await inbox.next(limit.signal);
    return next === "silence" ? limit.problem("its answer") : next;
  }

  /** What follows a power reading only tells whether the connection is good for more. */
  function ended(kind: ProblemKind, documents: readonly RibclDocument[]): Result<readonly RibclDocument[]> {
    if (kind !== "timeout") usable = false;
    return success(documents);
  }

  async function exchange({
    script,
    isAnswer,
    patienceMs,
  }: Exchange): Promise<Result<readonly RibclDocument[]>> {
    const whole = rootIsOpen ? script : together(openRoot(version), script);
    rootIsOpen = true;
    inbox.nextExchange();
    socket.write(whole.text, "latin1");
    const documents: RibclDocument[] = [];
    let answered = false;
    while (documents.length < whole.documents || !answered) {
      const next = await within(
        answered ? Math.min(TRAILING_SILENCE_MS, patienceMs) : patienceMs,
        context,
        read,
      );
      if (!next.ok) return answered ? ended(next.problem.kind, documents) : spoil(next);
      documents.push(next.value);
      if (failureOf([next.value]) !== undefined) return spoil(success(documents));
      answered ||= isAnswer(next.value);
    }
    return success(documents);
  }

  return {
    get usable() {
      return usable && !socket.destroyed && socket.writable;
    },
    exchange,
    close() {
      // The end of the root element has no answer; what is not taken at once is not waited for.
      if (usable && rootIsOpen && socket.writable) socket.end("</RIBCL>\r\n", () => socket.destroy());
      else socket.destroy();
      if (!socket.destroyed) setTimeout(() => socket.destroy(), GOODBYE_MS).unref();
    },
  };
}
