/** One disk of the lab: its files outlive every mount, and it can stop answering. */
import { closeSync, openSync, read, writeSync } from "node:fs";
import { constants } from "node:os";
import { type Answer, answerTo } from "./answer.ts";
import { formatReply, OP, parseRequest, REQUEST_MAX, type Request } from "./fuse-protocol.ts";
import { createMemoryFiles } from "./memory-files.ts";

export interface Disk {
  /** Opens a connection to the kernel, has it mounted by `mount`, and serves it until it is gone. */
  attach(mount: (fd: number) => Promise<void>): Promise<void>;
  /** From now on no request is answered, reads and look-ups included. What asks, waits. */
  freeze(): void;
  /** Answers what waits, and everything after it. */
  thaw(): void;
  /** The machine's power is gone: what waits gets an error, so that its process can end. */
  drop(): void;
}

const DEVICE = "/dev/fuse";

export function createDisk(): Disk {
  const files = createMemoryFiles();
  const sharedMemory = files.named(/-shm$/);
  let isFrozen = false;
  /** Lets the requests that wait go on: to an answer, or to an error. */
  let waiting: (() => void)[] = [];
  let dropped = 0;

  function serve(fd: number): void {
    const buffer = Buffer.alloc(REQUEST_MAX);
    const attachedAt = dropped;
    const isDropped = (): boolean => dropped !== attachedAt;
    const next = (): void =>
      read(fd, buffer, 0, buffer.length, null, (error, size) => {
        if (error?.code === "ENODEV") return closeSync(fd); // Unmounted.
        if (error?.code === "ENOENT" || error?.code === "EINTR") return next(); // Withdrawn.
        if (error !== null) throw error;
        const request = parseRequest(Buffer.from(buffer.subarray(0, size)));
        if (!isFrozen || isDropped() || isCacheOnly(request)) finish(request);
        else waiting.push(() => finish(request));
        next();
      });
    const finish = (request: Request): void => {
      const answer: Answer | undefined = isDropped()
        ? { error: constants.errno.EIO }
        : answerTo(files, request);
      if (answer !== undefined) send(fd, formatReply(request.unique, answer.error, answer.body));
    };
    next();
  }

  /**
   * SQLite's index of its log is shared memory with a name: nobody ever syncs it, and on a local
   * disk it would never leave the kernel's cache. Over this protocol the kernel writes it back
   * when a process that maps it ends, a child between fork and exec included.
   */
  function isCacheOnly(request: Request): boolean {
    return request.op === OP.write && sharedMemory.has(request.inode);
  }

  function release(): void {
    const held = waiting;
    waiting = [];
    for (const go of held) go();
  }

  return {
    async attach(mount) {
      const fd = openSync(DEVICE, "r+");
      try {
        await mount(fd);
      } catch (error) {
        closeSync(fd);
        throw error;
      }
      serve(fd);
    },
    freeze() {
      isFrozen = true;
    },
    thaw() {
      isFrozen = false;
      release();
    },
    drop() {
      dropped += 1;
      release();
    },
  };
}

function send(fd: number, reply: Buffer): void {
  try {
    writeSync(fd, reply);
  } catch {
    // ENOENT: whoever asked was killed meanwhile.
  }
}
