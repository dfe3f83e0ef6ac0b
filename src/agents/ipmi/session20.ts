/** Opens a session of RMCP+: who are you, prove it, and from then on signed and encrypted. */
import { randomBytes, randomInt, timingSafeEqual } from "node:crypto";
import type { Millis } from "../../core/ids.ts";
import { type AgentContext, problem, type Result, success } from "../frame/agent.ts";
import type { Account } from "./account.ts";
import { decodePacket, encodePlain20, PAYLOAD, seal, unseal } from "./packet.ts";
import { rmcpProblem, SUITE_REFUSALS } from "./problems.ts";
import { createReplayGuard } from "./replay.ts";
import { createSession, type Envelope, raisePrivilege, type Session } from "./session.ts";
import {
  decodeSetup,
  NAME_ONLY,
  openedId,
  openRequest,
  RANDOM_BYTES,
  rakp1,
  rakp2Parts,
  rakp3,
  type SetupAnswer,
} from "./setup.ts";
import {
  type Handshake,
  keyOf,
  PREFERRED,
  rakp2Code,
  rakp3Code,
  type SessionKeys,
  type Suite,
  sessionKeys,
  suiteOf,
} from "./suites.ts";
import type { Wire } from "./wire.ts";

/** "The value with which you prove who you are is wrong": has the device forget the session. */
const BAD_PROOF = 0x0f;
/** Units: ms. Silence to a suite that is not the last one: some devices drop what they do not know. */
const SUITE_PROBE_MS: Millis = 1_500;

export interface OpenOptions {
  readonly wire: Wire;
  readonly account: Account;
  readonly context: AgentContext;
  readonly nextNumber: () => number;
  readonly limitMs: Millis;
}

export async function openSession20(options: OpenOptions): Promise<Result<Session>> {
  const { wire, account } = options;
  const suites = account.suite !== undefined ? [account.suite] : PREFERRED.flatMap((id) => suiteOf(id) ?? []);
  let last: Result<Session> = problem("unsupported", "no cipher suite is left to be tried");
  for (const [index, suite] of suites.entries()) {
    const isLast = index === suites.length - 1;
    const opened = await offer(options, suite, isLast ? options.limitMs : SUITE_PROBE_MS);
    if (!opened.ok) {
      if (opened.problem.kind !== "timeout" || isLast) return opened;
      last = opened;
      continue;
    }
    const { status, bmcId, consoleId } = opened.value;
    if (status === 0 && bmcId !== undefined) return prove(options, suite, consoleId, bmcId);
    if (status === 0) {
      last = problem("unsupported", `${wire.device} wants another cipher suite than ${suite.id}`);
    } else {
      last = { ok: false, problem: rmcpProblem(status, wire.device) };
      if (!SUITE_REFUSALS.has(status)) return last;
    }
  }
  return last;
}

interface Offer {
  readonly status: number;
  readonly consoleId: Buffer;
  readonly bmcId: Buffer | undefined;
}

async function offer({ wire }: OpenOptions, suite: Suite, limitMs: Millis): Promise<Result<Offer>> {
  const consoleId = randomBytes(4);
  const answer = await setupStep(wire, PAYLOAD.openRequest, PAYLOAD.openResponse, consoleId, limitMs, (tag) =>
    openRequest(tag, consoleId, suite),
  );
  if (!answer.ok) return answer;
  return success({ status: answer.value.status, consoleId, bmcId: openedId(answer.value, suite) });
}

async function prove(
  options: OpenOptions,
  suite: Suite,
  consoleId: Buffer,
  bmcId: Buffer,
): Promise<Result<Session>> {
  const { wire, account, limitMs } = options;
  const consoleRandom = randomBytes(RANDOM_BYTES);
  const role = account.privilege | NAME_ONLY;
  const second = await setupStep(wire, PAYLOAD.rakp1, PAYLOAD.rakp2, consoleId, limitMs, (tag) =>
    rakp1(tag, bmcId, consoleRandom, role, account.user),
  );
  if (!second.ok) return second;
  if (second.value.status !== 0) return { ok: false, problem: rmcpProblem(second.value.status, wire.device) };
  const parts = rakp2Parts(second.value);
  if (parts === undefined) return problem("protocol", `${wire.device} cut its RAKP 2 short`);
  const passwordKey = keyOf(account.password);
  const shake: Handshake = {
    suite,
    consoleId,
    bmcId,
    consoleRandom,
    bmcRandom: parts.random,
    guid: parts.guid,
    role,
    user: account.user,
    passwordKey,
    bmcKey: account.bmcKey === undefined ? passwordKey : keyOf(account.bmcKey),
  };
  if (!isSame(parts.code, rakp2Code(shake))) {
    wire.send(encodePlain20(PAYLOAD.rakp3, rakp3(0, bmcId, BAD_PROOF, Buffer.alloc(0))));
    return problem("credentials", `${wire.device} has another password for this login: wrong credentials`);
  }
  const fourth = await setupStep(wire, PAYLOAD.rakp3, PAYLOAD.rakp4, consoleId, limitMs, (tag) =>
    rakp3(tag, bmcId, 0, rakp3Code(shake)),
  );
  if (!fourth.ok) return fourth;
  if (fourth.value.status !== 0) return { ok: false, problem: rmcpProblem(fourth.value.status, wire.device) };
  const keys = sessionKeys(shake);
  if (!isSame(fourth.value.rest, keys.proof)) {
    return problem("credentials", `${wire.device} has another BMC key: hexadecimal_kg is missing or wrong`);
  }
  return raisePrivilege(
    createSession({ ...options, envelope: createEnvelope({ suite, keys, consoleId, bmcId }) }),
    account.privilege,
  );
}

function createEnvelope(secured: {
  readonly suite: Suite;
  readonly keys: SessionKeys;
  readonly consoleId: Buffer;
  readonly bmcId: Buffer;
}): Envelope {
  const { suite, keys, consoleId, bmcId } = secured;
  const isFresh = createReplayGuard();
  let seq = 0;
  return {
    id: bmcId,
    wrap(message) {
      seq++;
      return seal(message, { suite, keys, id: bmcId, seq });
    },
    unwrap(bytes) {
      const packet = decodePacket(bytes);
      if (packet?.type !== "2.0" || packet.payloadType !== PAYLOAD.ipmi) return undefined;
      if (!packet.id.equals(consoleId)) return undefined;
      const inner = unseal(packet, suite, keys);
      return inner !== undefined && isFresh(packet.seq) ? inner : undefined;
    },
  };
}

/** One question of the handshake and its answer, matched by tag and by our number for the session. */
function setupStep(
  wire: Wire,
  asks: number,
  answers: number,
  consoleId: Buffer,
  limitMs: Millis,
  make: (tag: number) => Buffer,
): Promise<Result<SetupAnswer>> {
  const tag = randomInt(256);
  const datagram = encodePlain20(asks, make(tag));
  return wire.exchange({
    make: () => datagram,
    match(bytes) {
      const packet = decodePacket(bytes);
      if (packet?.type !== "2.0" || packet.payloadType !== answers) return undefined;
      const answer = decodeSetup(answers, packet.payload);
      if (answer === undefined || answer.tag !== tag) return undefined;
      return answer.status !== 0 || answer.consoleId.equals(consoleId) ? answer : undefined;
    },
    resend: "safe",
    limitMs,
  });
}

function isSame(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
