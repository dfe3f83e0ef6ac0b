import { mkdir, open, readdir, readFile, realpath, rename, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { AgentHost, BlockDevice } from "../../ports/agent-host.ts";
import { LOOK_UP_MS } from "./limits.ts";
import { runProcess } from "./run-process.ts";
import { lookWithin } from "./time-limit.ts";

/** Units: bytes. A key, a name, a path. */
const LINE_BYTES_MAX = 4_096;
/** Paths of one multipath device, and how deep mapped devices lie on one another. */
const BENEATH_MAX = 64;
const DEPTH_MAX = 8;

/** {@link AgentHost} on this machine. A file that does not answer counts as not there, after a limit. */
export function createAgentHost(): AgentHost {
  return {
    run: runProcess,
    blockDevice: (path) => lookWithin(path, () => look(path), LOOK_UP_MS, undefined),
    firstLine: (path) => lookWithin(path, () => firstLine(path), LOOK_UP_MS, undefined),
    write: (path, text) => lookWithin(path, () => replace(path, text), LOOK_UP_MS, false),
    addLine: (path, line) => lookWithin(path, () => addLine(path, line), LOOK_UP_MS, false),
  };
}

async function look(path: string): Promise<BlockDevice | undefined> {
  try {
    const real = await realpath(path);
    if (!(await stat(real)).isBlockDevice()) return undefined;
    return { path: real, beneath: await beneath(real, 0) };
  } catch {
    return undefined;
  }
}

async function beneath(device: string, depth: number): Promise<readonly string[]> {
  const name = basename(device);
  if (!/^dm-\d+$/.test(name) || depth >= DEPTH_MAX) return [device];
  const names = await readdir(join("/sys/block", name, "slaves"));
  const found: string[] = [];
  for (const one of names.slice(0, BENEATH_MAX)) found.push(...(await beneath(`/dev/${one}`, depth + 1)));
  return found.length === 0 ? [device] : [...new Set(found)];
}

async function firstLine(path: string): Promise<string | undefined> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(LINE_BYTES_MAX), 0, LINE_BYTES_MAX, 0);
      return buffer.subarray(0, bytesRead).toString("utf8").split("\n")[0]?.trim();
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}

async function replace(path: string, text: string): Promise<boolean> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.new`, text, { mode: 0o600 });
    await rename(`${path}.new`, path);
    return true;
  } catch {
    return false;
  }
}

async function addLine(path: string, line: string): Promise<boolean> {
  const known = await readFile(path, "utf8").catch(() => "");
  if (known.split("\n").includes(line)) return true;
  return replace(path, `${known}${line}\n`);
}
