/** A simulated iLO: a Unix socket that reads and switches the power of one machine. */
import { timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { DeviceFault } from "../stories/stage.ts";
import { ILO_LOGIN } from "./configuration.ts";
import { type LineReply, type LineServer, openLineServer } from "./line-server.ts";
import type { Machine } from "./machine.ts";
import { ancestry } from "./process-tree.ts";

const Request = z.strictObject({
  action: z.enum(["on", "off", "status"]),
  login: z.string().max(255),
  password: z.string().max(255),
  /** The agent's process: tells on whose behalf it asks. */
  pid: z.int().min(1),
});

export interface Ilo {
  /** How often this device switched the machine off while it was on. */
  readonly offCount: number;
  setFault(fault: DeviceFault): void;
  close(): Promise<void>;
}

export interface IloOptions {
  readonly machine: Machine;
  /** Every machine: the one that asks may be cut off from this device. */
  readonly machines: readonly Machine[];
  readonly password: string;
}

export async function openIlo({ machine, machines, password }: IloOptions): Promise<Ilo> {
  let fault: DeviceFault = { type: "none" };
  let change = new AbortController();
  let offCount = 0;

  const refuse = (problem: string): LineReply => ({ reply: { ok: false, problem } });
  const power = (): LineReply => ({ reply: { ok: true, power: machine.isOn ? "on" : "off" } });

  async function answer(raw: unknown, gone: AbortSignal): Promise<LineReply> {
    const request = Request.parse(raw);
    while (fault.type === "hangs" && !gone.aborted) await firesOnce(AbortSignal.any([change.signal, gone]));
    if (gone.aborted) return "hang-up"; // A question that nobody waits for any more must not switch anything.
    if (fault.type === "blind" && isFrom(fault.to, request.pid)) return "hang-up";
    if (request.login !== ILO_LOGIN || !isSame(request.password, password)) {
      return refuse("Unable to connect/login to fencing device");
    }
    if (fault.type === "fails")
      return refuse("Unable to obtain correct plug status or plug is not available");
    if (request.action === "status" || fault.type === "lies") return power();
    if (request.action === "on") await machine.powerOn();
    else if (await machine.powerOff()) offCount += 1;
    return power();
  }

  function isFrom(names: readonly string[], pid: number): boolean {
    const chain = ancestry(pid);
    return machines.some((other) => names.includes(other.node.name) && other.owns(chain));
  }

  const server: LineServer = await openLineServer(machine.node.ilo, answer);
  return {
    get offCount() {
      return offCount;
    },
    setFault(next) {
      fault = next;
      change.abort();
      change = new AbortController();
    },
    close: () => server.close(),
  };
}

function firesOnce(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
