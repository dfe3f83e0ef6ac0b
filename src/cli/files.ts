/** The files of this host, for the old tools. Nothing here throws: a file that cannot be had is absent. */
import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { type CliFiles, FILE_BYTES_MAX } from "./context.ts";

export const realFiles: CliFiles = {
  read,
  bytes,
  list: (path) => {
    try {
      return readdirSync(path);
    } catch {
      return [];
    }
  },
  append: (path, text) => {
    try {
      appendFileSync(path, text, { mode: 0o600 });
      return true;
    } catch {
      return false;
    }
  },
  replace,
  lock,
};

/** Nobody ever sees half of it: what is not complete on the disk has another name. */
function replace(path: string, text: string, mode = 0o644): string | undefined {
  const own = `${path}.${process.pid}.new`;
  try {
    const fd = openSync(own, "wx", mode);
    try {
      writeFileSync(fd, text);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    if (existsSync(path)) {
      rmSync(`${path}.old`, { force: true });
      linkSync(path, `${path}.old`);
    }
    renameSync(own, path);
    return undefined;
  } catch (error) {
    rmSync(own, { force: true });
    return whyNot((error as NodeJS.ErrnoException).code ?? "");
  }
}

/**
 * A link to a file that is complete already is the lock: nobody ever sees it empty. A lock whose
 * process is gone is taken over, once.
 */
function lock(path: string): { readonly release: () => void } | { readonly held: string } {
  const own = `${path}.${process.pid}`;
  try {
    writeFileSync(own, `${process.pid}\n`, { flag: "wx", mode: 0o644 });
  } catch {
    return { release: () => {} }; // Nowhere to lock: reading devices twice at once is harmless.
  }
  try {
    for (let tries = 0; tries < 2; tries++) {
      if (linked(own, path)) return { release: () => rmSync(path, { force: true }) };
      const holder = (read(path) ?? "").trim();
      if (isAlive(Number(holder))) return { held: holder };
      rmSync(path, { force: true });
    }
    return { held: "unknown" };
  } finally {
    rmSync(own, { force: true });
  }
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch {
    return false; // Held by another one, or to be tried once more.
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Files under /proc come in pieces: a short read is not the end. */
function read(path: string): string | undefined {
  const got = bytes(path, FILE_BYTES_MAX);
  return typeof got === "string" ? undefined : Buffer.from(got.buffer, 0, got.length).toString("utf8");
}

function bytes(path: string, bytesMax: number): Uint8Array | string {
  try {
    // Opened by its name it could not be a socket, which is what a pipe of another program may be.
    const fd = path === "/dev/stdin" ? 0 : openSync(path, "r");
    try {
      const buffer = new Uint8Array(bytesMax);
      let length = 0;
      for (let got = -1; got !== 0 && length < bytesMax; length += got) {
        got = readSync(fd, buffer, length, bytesMax - length, null);
      }
      return buffer.subarray(0, length);
    } finally {
      if (fd !== 0) closeSync(fd);
    }
  } catch (error) {
    return whyNot((error as NodeJS.ErrnoException).code ?? "");
  }
}

function whyNot(code: string): string {
  switch (code) {
    case "ENOENT":
      return "there is no such file";
    case "EACCES":
      return "permission denied";
    case "EISDIR":
      return "it is a directory";
    default:
      return `it cannot be used (${code})`;
  }
}
