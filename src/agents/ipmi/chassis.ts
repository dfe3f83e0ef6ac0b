/** The power of the machine behind a controller that speaks IPMI. */
import type { Millis } from "../../core/ids.ts";
import {
  type AgentContext,
  type Power,
  type ProblemKind,
  problem,
  type Result,
  success,
} from "../frame/agent.ts";
import type { PowerDevice } from "../frame/device.ts";
import { leftMs, pause } from "../frame/pace.ts";
import type { Values } from "../frame/values.ts";
import { type Account, accountOf } from "./account.ts";
import { askCapabilities } from "./capabilities.ts";
import { readIdentity } from "./identity.ts";
import { COMMAND, createNumbers, NETFN, type Session } from "./session.ts";
import { openSession15 } from "./session15.ts";
import { type OpenOptions, openSession20 } from "./session20.ts";
import { openWire, type Wire } from "./wire.ts";

const PORT = 623;
const CONTROL = { down: 0, up: 1, cycle: 2, diag: 4 } as const;
const POWER_ON = 0x01;
/** The original waits for this many sendings of its tool, `ipmitool_timeout` seconds each. */
const SENDINGS = 5;
/** Units: ms. Bounds of one silence, whatever the parameters say. */
const SILENCE_MS_MIN: Millis = 1_000;
const SILENCE_MS_MAX: Millis = 60_000;
/** A full session table empties itself; a handshake that lost its thread is begun anew. */
const OPEN_TRIES_MAX = 3;
const OPEN_PAUSE_MS: Millis = 400;
const PASSING: ReadonlySet<ProblemKind> = new Set(["sessions-full", "protocol"]);

/** After these the session is worth nothing. */
const BROKEN: ReadonlySet<ProblemKind> = new Set(["timeout", "lost", "protocol", "unreachable"]);

interface Line {
  readonly wire: Wire;
  readonly session: Session;
}

export async function openChassis(values: Values, context: AgentContext): Promise<Result<PowerDevice>> {
  const checked = accountOf(values);
  if (!checked.ok) return checked;
  const account: Account = checked.value;
  const host = values.text("ip") ?? "";
  if (host === "") return problem("usage", "the address of the device is empty");
  const port = values.number("ipport", PORT);
  const silenceMs = Math.min(
    Math.max(values.number("ipmitool_timeout", 2) * SENDINGS * 1_000, SILENCE_MS_MIN),
    SILENCE_MS_MAX,
  );
  let line: Line | undefined;

  async function connected(): Promise<Result<Session>> {
    if (line !== undefined) return success(line.session);
    for (let tries = 1; ; tries++) {
      const opened = await openLine(host, port, { account, context, limitMs: silenceMs });
      if (opened.ok) {
        line = opened.value;
        return success(line.session);
      }
      const mayRepeat = PASSING.has(opened.problem.kind) && tries < OPEN_TRIES_MAX;
      if (!mayRepeat || leftMs(context) <= 0) return opened;
      await pause(OPEN_PAUSE_MS * tries, context.signal);
    }
  }

  async function ask(
    command: number,
    data: readonly number[],
    resend: "safe" | "once",
  ): Promise<Result<Buffer>> {
    const session = await connected();
    if (!session.ok) return session;
    const answer = await session.value.request({ netFn: NETFN.chassis, command, data, resend });
    if (!answer.ok && BROKEN.has(answer.problem.kind)) drop();
    return answer;
  }

  /** The next command opens a new session. Of the old one leave is taken without waiting for it. */
  function drop(): void {
    const old = line;
    line = undefined;
    void old?.session.close().then(() => old.wire.close());
  }

  async function control(order: number, resend: "safe" | "once"): Promise<Result<void>> {
    const answer = await ask(COMMAND.chassisControl, [order], resend);
    return answer.ok ? success(undefined) : answer;
  }

  return success({
    async power() {
      const answer = await ask(COMMAND.chassisStatus, [], "safe");
      return answer.ok ? powerOf(answer.value, host) : answer;
    },
    set: (_plug, to) => control(to === "off" ? CONTROL.down : CONTROL.up, "safe"),
    cycle: () => control(CONTROL.cycle, "once"),
    diag: () => control(CONTROL.diag, "once"),
    async identity(depth) {
      const session = await connected();
      return session.ok ? readIdentity(session.value, depth) : session;
    },
    async close() {
      const last = line;
      line = undefined;
      await last?.session.close();
      last?.wire.close();
    },
  });
}

/** Shape: the data of Get Chassis Status, at least its three fixed bytes. */
export function powerOf(data: Buffer, device: string): Result<Power> {
  if (data.length < 3) return problem("protocol", `${device} cut its chassis status short`);
  return success((data.readUInt8(0) & POWER_ON) === 0 ? "off" : "on");
}

async function openLine(
  host: string,
  port: number,
  more: Pick<OpenOptions, "account" | "context" | "limitMs">,
): Promise<Result<Line>> {
  const wire = await openWire(host, port, more.context);
  if (!wire.ok) return wire;
  const session = await openSession({ ...more, wire: wire.value, nextNumber: createNumbers() });
  if (session.ok) return success({ wire: wire.value, session: session.value });
  wire.value.close();
  return session;
}

/** 2.0 when it is asked for, or when the device has nothing else; 1.5 never instead of 2.0. */
async function openSession(options: OpenOptions): Promise<Result<Session>> {
  const { wire, nextNumber, account, limitMs } = options;
  const can = await askCapabilities(wire, nextNumber, account.privilege, limitMs);
  if (account.dialect === "2.0") {
    if (!can.ok && can.problem.kind !== "protocol") return can;
    return openSession20(options);
  }
  if (!can.ok) return can;
  const has15 = can.value.speaks15 === true && can.value[account.auth15 ?? "md5"];
  return has15 || can.value.speaks20 !== true ? openSession15(options, can.value) : openSession20(options);
}
