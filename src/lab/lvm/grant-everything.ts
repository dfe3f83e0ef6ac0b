/**
 * A lock daemon for LVM that says yes to everything: what shared metadata looks like after that is why
 * there has to be one that says no. Only ever started in a lab. Argument: the folder, /run.
 */
import { openLvmServer } from "../../adapters/lvm/server.ts";

const LM_DLM = 2;
const [, , runDir = "/run"] = process.argv;

await openLvmServer({ socket: `${runDir}/lvm/lvmlockd.socket`, pidFile: `${runDir}/lvmlockd.pid` }, () => ({
  async answer({ request }) {
    if (request === "hello") return { response: "OK", result: 0, protocol: "lvmlockd", version: 1 };
    return {
      response: "OK",
      op_result: request === "running_lm" ? LM_DLM : 0,
      ...(request === "init_vg" ? { vg_lock_args: "1.0.0:nobody" } : {}),
    };
  },
  close() {},
}));
