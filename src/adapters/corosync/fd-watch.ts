/**
 * Watches file descriptors that are not Node's. Node offers no way to do that, so one poll(2) waits
 * on a worker thread; what is readable is handled on the main thread, then poll waits anew.
 */
import koffi from "koffi";
import { close, eventfd, poll, write } from "./native.ts";

const POLLIN = 1;
const POLLFD_BYTES = 8;
const EFD_CLOEXEC = 0o2000000;

export interface WatchedFd {
  readonly fd: number;
  /** The descriptor is readable, or its peer is gone. */
  onReady(): void;
}

export interface FdWatch {
  /** No handler is called any more. The descriptors may be closed when this has resolved. */
  stop(): Promise<void>;
}

/** Order: handlers are called one after another, and never before this has returned. */
export function watchFds(watched: readonly WatchedFd[], onError: (why: string) => void): FdWatch {
  const wakeFd = eventfd(0, EFD_CLOEXEC) as number;
  if (wakeFd < 0) throw new Error(`eventfd: errno ${koffi.errno()}`);
  const count = watched.length + 1;
  const fds = koffi.alloc("uint8_t", count * POLLFD_BYTES);
  const memory = new DataView(koffi.view(fds, count * POLLFD_BYTES));
  for (const [index, fd] of [...watched.map(({ fd }) => fd), wakeFd].entries()) {
    memory.setInt32(index * POLLFD_BYTES, fd, true);
    memory.setInt16(index * POLLFD_BYTES + 4, POLLIN, true);
  }
  const isReady = (index: number): boolean => memory.getInt16(index * POLLFD_BYTES + 6, true) !== 0;

  let isStopped = false;
  let resolveStopped = (): void => {};
  const stopped = new Promise<void>((resolve) => {
    resolveStopped = resolve;
  });

  function release(): void {
    isStopped = true;
    close(wakeFd);
    koffi.free(fds);
    resolveStopped();
  }

  function arm(): void {
    poll.async(fds, count, -1, (error: unknown, ready: number) => {
      if (isStopped || error) {
        release();
        if (error) onError(String(error));
        return;
      }
      // Interrupted by a signal: nothing is ready, and the memory may be stale.
      if (ready > 0) {
        const handlers = watched.filter((_, index) => isReady(index));
        for (const { onReady } of handlers) if (!isStopped) onReady();
      }
      if (isStopped) release();
      else arm();
    });
  }
  arm();

  return {
    stop() {
      if (!isStopped) {
        isStopped = true;
        write(wakeFd, Buffer.from(BigUint64Array.of(1n).buffer), 8);
      }
      return stopped;
    },
  };
}
