/** Ends the process without waiting for anything, a thread that hangs in the kernel included. */
import koffi from "koffi";

/**
 * `process.exit` joins the worker threads; one that waits for a dead disk would keep the process
 * alive, mute and in the group. Call it once at start: at the end the library may not be readable.
 */
export function prepareEnd(): (code: number) => never {
  const exitNow = koffi.load("libc.so.6").func("void _exit(int code)");
  return (code) => {
    exitNow(code);
    throw new Error("unreachable: _exit returned");
  };
}
