/** What the bindings of Corosync's libraries share: loading, calling off the main thread, copying. */
import koffi, { type LibraryHandle } from "koffi";

export type Address = bigint;

export type NativeFunction = ReturnType<LibraryHandle["func"]>;

/** Libraries stay loaded; each is looked for when the engine is first opened. */
const loaded = new Map<string, LibraryHandle>();

/** Errors: throws a sentence when the library is not installed. */
export function loadLibrary(file: string, debianPackage: string): LibraryHandle {
  const known = loaded.get(file);
  if (known !== undefined) return known;
  try {
    const library = koffi.load(file);
    loaded.set(file, library);
    return library;
  } catch (cause) {
    throw new Error(`${file} cannot be loaded: apt-get install ${debianPackage}`, { cause });
  }
}

/**
 * Runs a native call on a worker thread: for calls that wait for Corosync's answer, which a
 * Corosync that hangs never gives. Resolves with the C result.
 */
export function callAsync(fn: NativeFunction, ...args: unknown[]): Promise<number> {
  return new Promise((resolve, reject) => {
    fn.async(...args, (error: unknown, result: number) => {
      if (error !== null && error !== undefined) reject(error as Error);
      else resolve(result);
    });
  });
}

const libc = koffi.load("libc.so.6");
const memcpy = libc.func("void *memcpy(_Out_ void *to, uintptr_t from, size_t bytes)");

/** Copies native memory, which is gone when the callback returns. */
export function copyBytes(from: Address | null, bytes: number): Uint8Array {
  const to = new Uint8Array(bytes);
  if (from !== null && bytes > 0) memcpy(to, from, bytes);
  return to;
}

/** `count` unsigned 32-bit integers of the machine's byte order. */
export function copyUint32(from: Address | null, count: number): Uint32Array {
  return new Uint32Array(copyBytes(from, 4 * count).buffer);
}

export const poll = libc.func("int poll(void *fds, unsigned long count, int timeout)");
export const eventfd = libc.func("int eventfd(unsigned int value, int flags)");
export const read = libc.func("long read(int fd, void *to, size_t bytes)");
export const write = libc.func("long write(int fd, const void *from, size_t bytes)");
export const close = libc.func("int close(int fd)");

/** By value in callbacks. Source: cpg.h, quorum.h. */
export const RingIdStruct = koffi.struct({ nodeid: "uint32_t", seq: "uint64_t" });

export interface TotemRing {
  readonly nodeid: number;
  readonly seq: number | bigint;
}
