/** The UDP socket of a simulated power switch: everything that the network and a bad card do to answers. */
import { createSocket, type Socket } from "node:dgram";
import type { SnmpFault } from "./faults.ts";

export interface FaultySocket {
  /** For the library, in the place of `dgram`. */
  readonly module: { createSocket(type: "udp4" | "udp6"): unknown };
  /** Resolves to the port. */
  readonly ready: Promise<number>;
  /** Datagrams that were heard. */
  readonly heard: number;
  misbehave(fault: SnmpFault): void;
}

export function createFaultySocket(host: string, port: number): FaultySocket {
  let fault: SnmpFault = { type: "none" };
  let answers = 0;
  let heard = 0;
  let announce = (_socket: Socket): void => {};
  const ready = new Promise<number>((resolve, reject) => {
    announce = (socket) => {
      socket.once("error", reject);
      socket.bind(port, host, () => resolve(socket.address().port));
    };
  });

  function send(socket: Socket, bytes: Buffer, to: { port: number; address: string }): void {
    answers += 1;
    const out = (what: Uint8Array): void => {
      socket.send(what, to.port, to.address, () => {}); // Whoever asked may be gone.
    };
    switch (fault.type) {
      case "silent":
        return;
      case "loses":
        if (answers > fault.count) out(bytes);
        return;
      case "drops":
        if (answers <= fault.after) out(bytes);
        return;
      case "slow":
        setTimeout(() => out(bytes), fault.ms).unref();
        return;
      case "repeats":
        for (let time = 0; time < fault.times; time++) out(bytes);
        return;
      case "garbage":
        return out(fault.bytes);
      case "bit-rot": {
        const bad = Buffer.from(bytes);
        const bit = fault.at % (bad.length * 8);
        bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        return out(bad);
      }
      case "none":
      case "lies":
      case "read-only":
      case "odd-state":
        return out(bytes);
      default:
        fault satisfies never;
    }
  }

  return {
    ready,
    get heard() {
      return heard;
    },
    misbehave(next) {
      fault = next;
      answers = 0;
    },
    module: {
      createSocket(type) {
        const socket = createSocket(type);
        return {
          on(event: string, listener: (...given: unknown[]) => void): void {
            if (event !== "message") return void socket.on(event, listener);
            socket.on("message", (bytes, from) => {
              heard += 1;
              try {
                listener(bytes, from);
              } catch {
                // Nonsense from a client: a card says nothing to it.
              }
            });
          },
          bind: (): void => announce(socket),
          send(bytes: Buffer, offset: number, length: number, toPort: number, address: string): void {
            send(socket, Buffer.from(bytes.subarray(offset, offset + length)), { port: toPort, address });
          },
          close: (done?: () => void): void => void socket.close(done),
          address: () => socket.address(),
        };
      },
    },
  };
}
