/** Readiness, watchdog and the one line of `systemctl status`, from the main loop. */
import type { Notifier } from "../adapters/system/sd-notify.ts";
import type { StatusView } from "../core/view/types.ts";

/** Units: ms. The status line follows changes at this pace. */
const STATUS_PACE_MS = 1_000;

export interface Systemd {
  /** The status may have changed. */
  touch(): void;
  stopping(): void;
  close(): void;
}

/** READY is said once, when this node has first compared notes with the others. */
export function driveSystemd(notifier: Notifier, status: () => StatusView): Systemd {
  let ready = false;
  let verdict = "";
  let timer: NodeJS.Timeout | undefined;
  // A main loop that hangs does not come to this timer: systemd then restarts the daemon.
  const { watchdogMs } = notifier;
  const watchdog =
    watchdogMs === undefined ? undefined : setInterval(() => notifier.send("WATCHDOG=1"), watchdogMs);

  function tell(): void {
    timer = undefined;
    const view = status();
    if (view.verdict !== verdict) notifier.send(`STATUS=${view.verdict.replaceAll("\n", " ")}`);
    verdict = view.verdict;
    if (!ready && view.synced) {
      ready = true;
      notifier.send("READY=1");
    }
  }

  return {
    touch() {
      if (!notifier.listening) return;
      timer ??= setTimeout(tell, ready ? STATUS_PACE_MS : 0);
    },
    stopping: () => notifier.send("STOPPING=1"),
    close() {
      clearTimeout(timer);
      clearInterval(watchdog);
    },
  };
}
