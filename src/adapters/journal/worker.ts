/** The thread on which everything that touches the state directory happens, one job after another. */
import { parentPort, workerData } from "node:worker_threads";
import { OperationError } from "../../core/errors.ts";
import { describeDiskError } from "./damage.ts";
import type { JournalOwner } from "./database.ts";
import type { JournalAnswer, JournalCall, JournalJob } from "./protocol.ts";
import { openStateDirectory, type StateDirectory } from "./state-dir.ts";

const { directory } = workerData as { directory: string };
let opened: StateDirectory | undefined;

function directoryNow(): StateDirectory {
  opened ??= openStateDirectory(directory, new Date());
  return opened;
}

function carryOut(job: JournalJob): unknown {
  switch (job.type) {
    case "load":
      return directoryNow().loaded;
    case "claim":
      return claim(job);
    case "save-epoch":
      return directoryNow().database.saveEpoch(job.epoch, job.text);
    case "save-configs":
      return directoryNow().database.saveConfigs(job.configs);
    case "config-text":
      return directoryNow().database.configText(job.digest);
    case "configs":
      return directoryNow().database.configs(job.limit);
    case "append":
      return directoryNow().database.append(job.incidents);
    case "adopt":
      return directoryNow().database.adopt(job.incidents, Date.now());
    case "history":
      return directoryNow().database.history(job);
    case "write-file":
      return directoryNow().writeFile(job.name, job.lines, job.keep);
    case "close":
      opened?.close();
      opened = undefined;
      return undefined;
  }
}

function claim(self: JournalOwner): void {
  const owner = directoryNow().database.claim(self);
  if (owner.node === self.node) return;
  const detail = `the state directory ${directory} was written by node ${owner.node} (${owner.name}), and this is node ${self.node} (${self.name})`;
  throw new OperationError("JNL_FOREIGN", detail);
}

function answer({ id, job }: JournalCall): JournalAnswer {
  try {
    return { id, ok: true, result: carryOut(job) };
  } catch (error) {
    if (error instanceof OperationError) {
      return { id, ok: false, code: error.code, detail: error.message.replace(` (${error.code})`, "") };
    }
    return { id, ok: false, code: "JNL_UNREADABLE", detail: `${directory}: ${describeDiskError(error)}` };
  }
}

parentPort?.on("message", (call: JournalCall) => {
  parentPort?.postMessage(answer(call));
  if (call.job.type === "close") parentPort?.close();
});
