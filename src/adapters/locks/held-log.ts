/**
 * What processes of this host hold, where a restarted daemon finds it and a reboot does not: a file in
 * /run. Written before an owner is told, and after it has given back; many changes at once.
 *
 * Shape: the first line names the boot; then one line per change, of which the last counts.
 */
import { closeSync, fstatSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { z } from "zod";
import { isLockName, isLockspace } from "../../core/locks/names.ts";
import type { LockClaim } from "../../core/locks/types.ts";
import type { OwnerProcess } from "../../ports/lock-desk.ts";

/** Units: bytes. With so much in the file that counts no more it is written anew with what is still held. */
const BYTES_MAX = 4 * 1024 * 1024;
/** Units: characters that go to the file at once. */
const PART_CHARS = 256 * 1024;

export interface Held {
  readonly claim: LockClaim;
  /** Absent: nobody whose end would end it. */
  readonly process?: OwnerProcess;
}

export interface HeldLog {
  /** As the file told at the start. */
  readonly found: readonly Held[];
  hold(held: Held): void;
  drop(id: number): void;
  /** Writes what has changed since. Nobody may be told of it before. */
  flush(): void;
  close(): void;
}

const Line = z.union([
  z.strictObject({ drop: z.int().min(1) }),
  z.strictObject({
    claim: z.strictObject({
      lockspace: z.string().refine(isLockspace),
      name: z.string().refine(isLockName),
      id: z.int().min(1),
      mode: z.enum(["NL", "CR", "CW", "PR", "PW", "EX"]),
      owner: z.string().max(64),
      persistent: z.literal(true).exactOptional(),
    }),
    process: z.strictObject({ pid: z.int().min(1), startTime: z.string().max(32) }).exactOptional(),
  }),
]);

function parseLine(text: string): z.infer<typeof Line> | undefined {
  try {
    return Line.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined; // Torn by the end of its daemon: its owner was never told.
  }
}

function readHeld(path: string, boot: string): Map<number, Held> {
  const held = new Map<number, Held>();
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return held;
    throw error;
  }
  const [head, ...lines] = text.split("\n");
  if (head !== JSON.stringify({ boot })) return held; // Of another boot: nobody of then lives.
  for (const one of lines) {
    const line = parseLine(one);
    if (line === undefined) continue;
    if ("drop" in line) held.delete(line.drop);
    else held.set(line.claim.id, line);
  }
  return held;
}

/** A disk that becomes full takes a part first, and says so only when it is given the rest. */
function writeAll(fd: number, text: string): number {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
  return bytes.length;
}

/** Errors: throws what the file system says. */
export function openHeldLog(path: string, boot: string): HeldLog {
  const held = readHeld(path, boot);
  const found = [...held.values()];
  let fd = -1;
  /** Since the file was written anew, and when it was. */
  let bytes = 0;
  let bytesThen = 0;
  let lines = "";

  function rewrite(): void {
    const next = `${path}.new`;
    const file = openSync(next, "w", 0o600);
    let part = `${JSON.stringify({ boot })}\n`;
    for (const line of held.values()) {
      part += `${JSON.stringify(line)}\n`;
      if (part.length < PART_CHARS) continue;
      writeAll(file, part);
      part = "";
    }
    writeAll(file, part);
    renameSync(next, path);
    if (fd >= 0) closeSync(fd);
    fd = file;
    bytes = 0;
    bytesThen = fstatSync(file).size;
  }

  function append(line: unknown): void {
    lines += `${JSON.stringify(line)}\n`;
    if (lines.length > BYTES_MAX) flush();
  }

  function flush(): void {
    if (lines === "") return;
    bytes += writeAll(fd, lines);
    lines = "";
    // What is held may be more than the bound itself: it must not be written anew with every change.
    if (bytes > Math.max(BYTES_MAX, bytesThen)) rewrite();
  }

  rewrite();
  return {
    found,
    hold(one) {
      held.set(one.claim.id, one);
      append(one);
    },
    drop(id) {
      if (held.delete(id)) append({ drop: id });
    },
    flush,
    close() {
      flush();
      closeSync(fd);
    },
  };
}
