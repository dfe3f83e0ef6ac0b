/**
 * Watches file descriptors that are not Node's. Node offers no way to do that, so one poll(2) waits
 * on a thread of libuv's pool; what is readable is handled on the main thread, then poll waits anew.
 *
 * Looks at a disk that hangs take the other threads of that pool, one after another, and the poll would
 * wait behind them: a daemon that does not hear that a node is lost keeps its gate open. So the main
 * thread looks by itself, too, without waiting.
 */
import koffi from "koffi";
import { close, eventfd, poll, write } from "./native.ts";

const POLLIN = 1;
const POLLFD_BYTES = 8;
/** Units: ms. How late news may come when no thread is left. */
const LOOK_MS = 250;
const EFD_CLOEXEC = 0o2000000;

export interface WatchedFd {
  readonly fd: number;
  /** The descriptor is readable, or its peer is gone; may be called when it is no more. */
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
  // One for each of the two that ask: the thread may write into its own at any time.
  const waiting = pollSet([...watched.map(({ fd }) => fd), wakeFd]);
  const looking = pollSet(watched.map(({ fd }) => fd));

  let isStopped = false;
  let resolveStopped = (): void => {};
  const stopped = new Promise<void>((resolve) => {
    resolveStopped = resolve;
  });

  function release(): void {
    isStopped = true;
    clearInterval(look);
    close(wakeFd);
    waiting.free();
    looking.free();
    resolveStopped();
  }

  function serve(isReady: (index: number) => boolean): void {
    const handlers = watched.filter((_, index) => isReady(index));
    for (const { onReady } of handlers) if (!isStopped) onReady();
  }

  const look = setInterval(() => {
    if (!isStopped && poll(looking.fds, looking.count, 0) > 0) serve(looking.isReady);
  }, LOOK_MS);

  function arm(): void {
    poll.async(waiting.fds, waiting.count, -1, (error: unknown, ready: number) => {
      if (isStopped || error) {
        release();
        if (error) onError(String(error));
        return;
      }
      // Interrupted by a signal: nothing is ready, and the memory may be stale.
      if (ready > 0) serve(waiting.isReady);
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

/** An array of `struct pollfd`. */
function pollSet(descriptors: readonly number[]) {
  const bytes = descriptors.length * POLLFD_BYTES;
  const fds = koffi.alloc("uint8_t", bytes);
  const memory = new DataView(koffi.view(fds, bytes));
  for (const [index, fd] of descriptors.entries()) {
    memory.setInt32(index * POLLFD_BYTES, fd, true);
    memory.setInt16(index * POLLFD_BYTES + 4, POLLIN, true);
  }
  return {
    fds,
    count: descriptors.length,
    isReady: (index: number): boolean => memory.getInt16(index * POLLFD_BYTES + 6, true) !== 0,
    free: () => koffi.free(fds),
  };
}
