/** An iLO 1 or 2 as the drivers of the frame see it: one machine behind one address. */
import type { Millis } from "../../core/ids.ts";
import {
  type AgentContext,
  type Identity,
  type Power,
  problem,
  type Result,
  success,
} from "../frame/agent.ts";
import type { PowerDevice } from "../frame/device.ts";
import { carries, failureOf, firmwareOf, hostDataOf, powerOf, type RibclFailure } from "./answer.ts";
import { type Exchange, openRibcl, type RibclConnection, type RibclConnectionOptions } from "./connection.ts";
import type { RibclDocument } from "./document.ts";
import { BUTTON_HOLD_MS, HOLD_AGAIN_MS } from "./limits.ts";
import { block, type PowerCommand, type RibclLogin, together } from "./script.ts";

export interface RibclDeviceOptions {
  readonly connection: RibclConnectionOptions;
  readonly login: RibclLogin;
  /** Units: ms without a further word from the device. */
  readonly patienceMs: Millis;
}

const IS_POWER = carries("GET_HOST_POWER");

type Documents = readonly RibclDocument[];

export function createRibclDevice(options: RibclDeviceOptions, context: AgentContext): PowerDevice {
  const { login, patienceMs } = options;
  const reading = block(login, "GET_HOST_POWER_STATUS");
  let connection: RibclConnection | undefined;
  let heldAt: Millis | undefined;

  async function exchange(what: Exchange): Promise<Result<Documents>> {
    if (connection?.usable !== true) {
      connection?.close();
      const opened = await openRibcl(options.connection, context);
      if (!opened.ok) return opened;
      connection = opened.value;
    }
    const answer = await connection.exchange(what);
    if (!answer.ok) return answer;
    const failure = failureOf(answer.value);
    return failure === undefined ? answer : refusal(failure);
  }

  async function power(): Promise<Result<Power>> {
    const answer = await exchange({ script: reading, isAnswer: IS_POWER, patienceMs });
    return answer.ok ? success(powerOf(answer.value)) : answer;
  }

  /** With a reading behind it, whose answer shows that the order was answered as well. */
  async function order(command: PowerCommand): Promise<Result<void>> {
    const script = together(block(login, command), reading);
    const answer = await exchange({ script, isAnswer: IS_POWER, patienceMs: patienceMs + BUTTON_HOLD_MS });
    return answer.ok ? success(undefined) : answer;
  }

  /**
   * iLO 2 before 1.30 takes a button that is held for a toggle: it must not be held again while the
   * first time still works, nor when the machine is off.
   */
  async function off(): Promise<Result<void>> {
    if (heldAt !== undefined) {
      if (performance.now() - heldAt < HOLD_AGAIN_MS) return success(undefined);
      const now = await power();
      if (!now.ok) return now;
      if (now.value === "off") return success(undefined);
    }
    heldAt = performance.now();
    return order("HOLD_PWR_BTN");
  }

  /** The oldest cards know only the button, which must not be pressed on a machine that runs. */
  async function on(): Promise<Result<void>> {
    const told = await order('SET_HOST_POWER HOST_POWER="Yes"');
    if (told.ok || told.problem.kind !== "refused") return told;
    const now = await power();
    if (!now.ok) return now;
    return now.value === "off" ? order("PRESS_PWR_BTN") : told;
  }

  async function identity(depth: "ask" | "brief"): Promise<Result<Identity>> {
    const asked = await exchange({
      script: block(login, "GET_HOST_DATA"),
      isAnswer: carries("GET_HOST_DATA"),
      patienceMs,
    });
    if (!asked.ok) return asked;
    const { serial, uuid } = hostDataOf(asked.value);
    const { processor } = depth === "ask" ? await firmware() : {};
    return success({
      ...(serial === undefined ? {} : { serial }),
      uuids: uuid === undefined ? [] : uuidsOf(uuid),
      ...(processor === undefined ? {} : { product: processor }),
    });
  }

  async function firmware(): Promise<{ readonly processor?: string }> {
    const asked = await exchange({
      script: block(login, "GET_FW_VERSION"),
      isAnswer: carries("GET_FW_VERSION"),
      patienceMs,
    });
    return asked.ok ? firmwareOf(asked.value) : {};
  }

  return {
    power,
    set: (_plug, to) => (to === "off" ? off() : on()),
    identity,
    async close() {
      connection?.close();
    },
  };
}

function refusal(failure: RibclFailure): Result<never> {
  const { message } = failure;
  switch (failure.type) {
    case "login":
      return problem("credentials", `it does not take this login and password: ${message}`);
    case "privilege":
      return problem("privilege", `the login may not switch the power: ${message}`);
    case "refused":
      return problem("refused", message);
    default:
      return failure satisfies never;
  }
}

/** Old firmware writes it without hyphens, or as the characters of product and serial number. */
function uuidsOf(text: string): readonly string[] {
  const digits = text.replaceAll("-", "").toLowerCase();
  if (!/^[0-9a-f]{32}$/.test(digits)) return [];
  return [digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")];
}
