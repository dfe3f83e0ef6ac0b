/** Passes trouble on to the demo. The same line protocol as `bouncer demo`. */
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { DemoReply, type DemoRequest } from "../api/demo.ts";
import { OperationError } from "../core/errors.ts";

/** Units: ms. An orderly end of a daemon is the longest that a request may take. */
const ANSWER_MS_MAX = 60_000;

/** Errors: `IPC_UNREACHABLE`, also when what listens is no demo. */
export async function askDemo(control: string, request: DemoRequest): Promise<DemoReply> {
  const socket = connect(control);
  socket.setTimeout(ANSWER_MS_MAX, () => socket.destroy(new Error("it does not answer")));
  socket.write(`${JSON.stringify(request)}\n`);
  try {
    return DemoReply.parse(JSON.parse(await text(socket)));
  } catch (error) {
    throw new OperationError("IPC_UNREACHABLE", `the demo: ${(error as Error).message}`, { cause: error });
  }
}
