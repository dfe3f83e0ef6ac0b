/** A simulated controller that speaks IPMI 1.5 and 2.0 over UDP, as the real clients want it. */
import { createSocket, type RemoteInfo } from "node:dgram";
import { once } from "node:events";
import { createController } from "./controller.ts";
import type { IpmiFault, IpmiSimulatorOptions } from "./options.ts";

export interface IpmiSimulator {
  readonly host: string;
  readonly port: number;
  /** Orders to the chassis that it took, the oldest first. */
  readonly orders: readonly string[];
  /** Datagrams that came in. */
  readonly datagrams: number;
  readonly sessions: number;
  misbehave(fault: IpmiFault): void;
  close(): Promise<void>;
}

/** Answers that wait for their time. A client that sends more loses them. */
const WAITING_MAX = 256;

export async function openIpmiSimulator(options: IpmiSimulatorOptions): Promise<IpmiSimulator> {
  const { host = "127.0.0.1" } = options;
  let fault: IpmiFault = { type: "none" };
  let datagrams = 0;
  let counted = 0;
  const controller = createController(options, () => fault);
  const waiting = new Set<NodeJS.Timeout>();
  const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
  socket.on("error", () => {}); // A client that went away is no matter of ours.

  function isLost(): boolean {
    if (fault.type !== "drops") return false;
    counted += 1;
    return counted % fault.every === 0;
  }

  function send(bytes: Uint8Array, to: RemoteInfo): void {
    if (!isLost()) socket.send(bytes, to.port, to.address);
  }

  socket.on("message", (bytes, from) => {
    datagrams += 1;
    if (fault.type === "silent" || isLost()) return;
    if (fault.type === "garbage") return send(fault.bytes, from);
    const answer = controller.answer(bytes);
    if (answer === undefined) return;
    if (fault.type !== "slow") return send(answer, from);
    if (waiting.size >= WAITING_MAX) return;
    const timer = setTimeout(() => {
      waiting.delete(timer);
      send(answer, from);
    }, fault.ms);
    waiting.add(timer);
  });
  socket.bind(options.port ?? 0, host);
  await once(socket, "listening");

  return {
    host,
    port: socket.address().port,
    orders: controller.orders,
    get datagrams() {
      return datagrams;
    },
    get sessions() {
      return controller.sessions;
    },
    misbehave(next) {
      if (next.type === "restarts") controller.restart();
      fault = next.type === "restarts" ? { type: "none" } : next;
    },
    async close() {
      for (const timer of waiting) clearTimeout(timer);
      controller.close();
      await new Promise<void>((resolve) => socket.close(() => resolve()));
    },
  };
}
