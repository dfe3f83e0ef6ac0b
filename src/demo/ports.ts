/** Free ports of this machine: the usual ones when nobody has them. */
import { once } from "node:events";
import { createServer, type Server } from "node:net";

/** The first node's; the others follow. */
const FIRST = 8_441;

export async function freePorts(count: number): Promise<number[]> {
  const open: Server[] = [];
  const ports: number[] = [];
  for (let index = 0; index < count; index++) {
    const server = (await listen(FIRST + index)) ?? (await listen(0));
    if (server === undefined) throw new Error("this machine has no free port on 127.0.0.1");
    open.push(server);
    ports.push((server.address() as { readonly port: number }).port);
  }
  // Only now: else the same one would be found twice.
  await Promise.all(open.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

async function listen(port: number): Promise<Server | undefined> {
  const server = createServer();
  server.listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
    return server;
  } catch {
    return undefined; // Somebody has it.
  }
}
