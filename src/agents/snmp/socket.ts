/** The UDP socket under the SNMP library, with what the library leaves out. */
import { createSocket, type Socket } from "node:dgram";

/** Units: bytes. What we ask for is answered in far less. */
const DATAGRAM_BYTES_MAX = 8_192;
/** "Nobody listens here" may come while a card restarts; this often, and it is the truth. */
const REFUSALS_MAX = 3;

type OnMessage = (bytes: Buffer, from: unknown) => void;

/**
 * Stands in for `dgram` in the library. Connected: datagrams of others never arrive, and a closed port
 * is told. Whatever the library throws over a datagram is its last word on it: the request is then
 * answered by a later one, or times out.
 */
export function createGuardedDgram(
  to: { readonly address: string; readonly port: number },
  accepts: (bytes: Buffer) => boolean,
  onDead: (code: string) => void,
): { createSocket(type: "udp4" | "udp6"): unknown } {
  return {
    createSocket(type) {
      const socket = createSocket(type);
      let refusals = 0;
      const dead = (code: string): void => {
        refusals += 1;
        if (code !== "ECONNREFUSED" || refusals >= REFUSALS_MAX) onDead(code);
      };
      socket.on("error", (error: NodeJS.ErrnoException) => dead(error.code ?? "error"));
      const connected = connect(socket, to, dead);
      connected.catch(() => {}); // Told to `onDead`.
      let isOpen = true;
      return {
        on(event: string, listener: (...given: never[]) => void): void {
          if (event === "message") socket.on("message", guarded(accepts, listener as OnMessage));
          else if (event === "close") socket.on("close", listener as () => void);
        },
        /** Order of the library: bytes, offset, length, port, address, callback. */
        send(bytes: Buffer, offset: number, length: number, ...rest: readonly unknown[]): void {
          const copy = Buffer.from(bytes.subarray(offset, offset + length));
          const done = rest.at(-1) as (error: Error | null, count: number) => void;
          connected.then(
            () => {
              if (!isOpen) return;
              socket.send(copy, (error) => {
                if (error !== null) dead((error as NodeJS.ErrnoException).code ?? "error");
              });
              done(null, copy.length);
            },
            () => {}, // As above.
          );
        },
        close(): void {
          if (isOpen) socket.close();
          isOpen = false;
        },
        // The process stays for an answer: its own limit ends the wait.
        ref: (): void => {},
        unref: (): void => {},
        bind: (): void => {},
      };
    },
  };
}

function guarded(accepts: (bytes: Buffer) => boolean, listener: OnMessage): OnMessage {
  return (bytes, from) => {
    if (bytes.length > DATAGRAM_BYTES_MAX || !accepts(bytes)) return;
    try {
      listener(bytes, from);
    } catch {
      // Malformed in a way that the library did not expect. Silence is what it is worth.
    }
  };
}

function connect(
  socket: Socket,
  { address, port }: { readonly address: string; readonly port: number },
  dead: (code: string) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      dead(error.code ?? "error");
      reject(error);
    };
    socket.once("error", onError);
    socket.connect(port, address, () => {
      socket.off("error", onError);
      resolve();
    });
  });
}
