/** The typed clients of src/api over fetch. The cookie proves who we are; nothing secret is kept here. */
import { createClient, createConsoleClient, type Transport } from "../../../src/api/client.ts";
import { OperationError } from "../../../src/core/errors.ts";

const TIMEOUT_MS_DEFAULT = 30_000;

const transport: Transport = {
  async perform({ method, path, body }, { timeoutMs = TIMEOUT_MS_DEFAULT, signal }) {
    const limit = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(path, {
        method,
        credentials: "same-origin",
        redirect: "error",
        signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
        ...(body === undefined ? {} : { body, headers: { "content-type": "application/json" } }),
      });
      return { status: response.status, body: await response.text() };
    } catch (error) {
      throw new OperationError("IPC_UNREACHABLE", "the console does not answer", { cause: error });
    }
  },
  events() {
    throw new Error("the page reads its events in live/stream.ts");
  },
};

export const daemon = createClient(transport);
export const server = createConsoleClient(transport);
