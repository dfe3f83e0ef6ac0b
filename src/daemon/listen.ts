/** Opens the API on its socket. */
import type { Backend } from "../adapters/http/backend.ts";
import { createServer } from "../adapters/http/server.ts";
import { giveSocketToGroup, SOCKET_UMASK } from "../adapters/http/socket-path.ts";
import { OperationError } from "../core/errors.ts";

/** Returns what closes it. Errors: `DMN_SOCKET`. */
export async function openApi(path: string, backend: Backend): Promise<() => Promise<void>> {
  const server = createServer(backend);
  const before = process.umask(SOCKET_UMASK);
  try {
    await server.listen({ path });
    giveSocketToGroup(path);
  } catch (error) {
    const detail = `the socket ${path} cannot be made: ${(error as Error).message}`;
    throw new OperationError("DMN_SOCKET", detail, { cause: error });
  } finally {
    process.umask(before);
  }
  return () => server.close();
}
