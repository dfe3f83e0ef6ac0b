/**
 * Block devices that this host itself runs on: the root file system, where programs, logs and our own records
 * are, and swap. Whoever suspends one of them stops the host, and us with it. Source: proc(5), sysfs.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";

/** How deep devices may be stacked. */
const DEPTH_MAX = 16;
const SYSTEM = [
  "/",
  "/usr",
  "/bin",
  "/lib",
  "/etc",
  "/var",
  "/var/log",
  "/var/lib",
  "/run",
  "/tmp",
  "/boot",
  "/dev",
];

export interface OwnDevicesPorts {
  /** Folders besides the system's own. */
  readonly folders: readonly string[];
  readonly proc?: string;
  readonly sys?: string;
}

function numbersOf(device: number): string {
  const major = ((device >> 8) & 0xfff) | (Math.floor(device / 2 ** 32) & ~0xfff);
  const minor = (device & 0xff) | ((device >>> 12) & 0xfff00);
  return `${major}:${minor}`;
}

function stat(path: string): { readonly dev: string; readonly rdev: string } | undefined {
  try {
    const { dev, rdev } = statSync(path);
    return { dev: numbersOf(dev), rdev: numbersOf(rdev) };
  } catch {
    return undefined;
  }
}

function read(path: string): readonly string[] {
  try {
    return readFileSync(path, "utf8").split("\n");
  } catch {
    return [];
  }
}

/** Of the file systems that hold the folders: by their number, and by the device that is named as mounted. */
function mounted(proc: string, folders: readonly string[]): readonly string[] {
  const wanted = new Set(folders.flatMap((folder) => stat(folder)?.dev ?? []));
  return read(`${proc}/self/mountinfo`).flatMap((line) => {
    const [, , number = ""] = line.split(" ");
    if (!wanted.has(number)) return [];
    const source = line.split(" - ")[1]?.split(" ")[1] ?? "";
    const device = source.startsWith("/dev/") ? stat(source)?.rdev : undefined;
    return device === undefined ? [number] : [number, device];
  });
}

function swaps(proc: string): readonly string[] {
  return read(`${proc}/swaps`)
    .slice(1)
    .flatMap((line) => {
      const path = line.split(/\s/)[0] ?? "";
      const found = path.startsWith("/") ? stat(path) : undefined;
      return found === undefined ? [] : [found.rdev === "0:0" ? found.dev : found.rdev];
    });
}

/** `MAJOR:MINOR` of each, with all that they are made of. */
export function findOwnDevices({
  folders,
  proc = "/proc",
  sys = "/sys",
}: OwnDevicesPorts): ReadonlySet<string> {
  const found = new Set<string>();
  function add(device: string, depth: number): void {
    if (found.has(device) || depth > DEPTH_MAX) return;
    found.add(device);
    try {
      for (const slave of readdirSync(`${sys}/dev/block/${device}/slaves`)) {
        const [number] = read(`${sys}/dev/block/${device}/slaves/${slave}/dev`);
        if (number !== undefined && number !== "") add(number, depth + 1);
      }
    } catch {
      // Made of nothing else.
    }
  }
  for (const device of [...mounted(proc, [...SYSTEM, ...folders]), ...swaps(proc)]) add(device, 0);
  return found;
}
