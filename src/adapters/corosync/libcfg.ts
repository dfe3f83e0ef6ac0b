/** libcfg: being asked before Corosync shuts down in order. Source: corosync/cfg.h, cmap cfg.shutdown_timeout. */
import koffi from "koffi";
import { CS, checkCs, DISPATCH_ONE } from "./cs.ts";
import { callAsync, loadLibrary } from "./native.ts";
import { retryBusy } from "./retry-busy.ts";

const REPLY = { no: 0, yes: 1 } as const;

export interface Cfg {
  readonly fd: number;
  /** How often we were asked since the last dispatch. Errors: throws CorosyncError. */
  dispatch(max: number): number;
  /** Answers one question. */
  reply(answer: keyof typeof REPLY): Promise<number>;
  close(): Promise<void>;
}

const ShutdownAsked = koffi.proto("void BouncerCfgShutdown(uint64_t handle, int flags)");
const Callbacks = koffi.struct({ shutdown: koffi.pointer(ShutdownAsked) });

function bind() {
  const lib = loadLibrary("libcfg.so.7", "libcfg7");
  return {
    initialize: lib.func("corosync_cfg_initialize", "int", [
      koffi.out(koffi.pointer("uint64_t")),
      koffi.pointer(Callbacks),
    ]),
    finalize: lib.func("int corosync_cfg_finalize(uint64_t handle)"),
    fdGet: lib.func("int corosync_cfg_fd_get(uint64_t handle, _Out_ int32_t *fd)"),
    trackStart: lib.func("int corosync_cfg_trackstart(uint64_t handle, uint8_t flags)"),
    dispatch: lib.func("int corosync_cfg_dispatch(uint64_t handle, int flags)"),
    reply: lib.func("int corosync_cfg_replyto_shutdown(uint64_t handle, int answer)"),
  };
}

/** Errors: rejects with a CorosyncError. */
export async function openCfg(): Promise<Cfg> {
  const cfg = bind();
  let asked = 0;
  const shutdown = koffi.register(() => {
    asked += 1;
  }, koffi.pointer(ShutdownAsked));
  const handleOut: [bigint | number] = [0];
  try {
    checkCs("corosync_cfg_initialize", await callAsync(cfg.initialize, handleOut, { shutdown }));
  } catch (error) {
    koffi.unregister(shutdown);
    throw error;
  }
  const handle = handleOut[0];
  async function close(): Promise<void> {
    await callAsync(cfg.finalize, handle);
    koffi.unregister(shutdown);
  }
  try {
    const fdOut: [number] = [-1];
    checkCs("corosync_cfg_fd_get", cfg.fdGet(handle, fdOut));
    checkCs("corosync_cfg_trackstart", await retryBusy(() => callAsync(cfg.trackStart, handle, 0)));
    return {
      fd: fdOut[0],
      dispatch(max) {
        for (let turn = 0; turn < max; turn += 1) {
          const code = cfg.dispatch(handle, DISPATCH_ONE) as number;
          if (code === CS.tryAgain) break;
          checkCs("corosync_cfg_dispatch", code);
        }
        const count = asked;
        asked = 0;
        return count;
      },
      reply: (answer) => callAsync(cfg.reply, handle, REPLY[answer]),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
