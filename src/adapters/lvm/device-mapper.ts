/** The mapped volumes of this host, as device-mapper knows them: read, suspended, resumed. Source: dmsetup(8). */
import { readFileSync } from "node:fs";
import type { Exec, ExecResult } from "../../ports/exec.ts";
import { parseMappedName, parseMappedUuid } from "./names.ts";

/** Units: ms. For one run: the kernel answers at once, or something is badly wrong. */
const RUN_MS = 10_000;
/** Volumes in one command line. */
const NAMES_PER_RUN = 200;
const FOLDERS = ["/usr/sbin", "/sbin"] as const;
const FIELDS = "name,uuid,open,suspended,devno";

export interface MappedVolume {
  /** Device-mapper's name of it. */
  readonly mapped: string;
  readonly group: string;
  readonly groupUuid: string;
  readonly volume: string;
  /** The name of its lock. */
  readonly uuid: string;
  /** How often it is open. */
  readonly open: number;
  readonly suspended: boolean;
  /** `253:3` */
  readonly device: string;
}

export interface DeviceMapper {
  /** Undefined: nobody can tell. */
  volumes(): Promise<readonly MappedVolume[] | undefined>;
  /** What it complained about; empty: nothing. It is for the caller to look. */
  suspend(mapped: readonly string[]): Promise<readonly string[]>;
  resume(mapped: readonly string[]): Promise<readonly string[]>;
}

/** Lines that are no LVM volume are passed over. */
export function parseVolumes(text: string): readonly MappedVolume[] {
  return text.split("\n").flatMap((line) => {
    const [mapped = "", uuid = "", open = "", suspended = "", device = ""] = line.trim().split("|");
    const uuids = parseMappedUuid(uuid);
    const names = parseMappedName(mapped);
    if (uuids === undefined || names === undefined) return [];
    return [
      {
        mapped,
        group: names.group,
        groupUuid: uuids.group,
        volume: names.volume,
        uuid: uuids.volume,
        open: Number(open) || 0,
        suspended: suspended === "Suspended",
        device,
      },
    ];
  });
}

/** A kernel that has not got it has mapped nothing. */
function kernelHasIt(): boolean {
  try {
    return /^\s*\d+ device-mapper$/m.test(readFileSync("/proc/misc", "utf8"));
  } catch {
    return true;
  }
}

export function createDeviceMapper(exec: Pick<Exec, "run" | "find">, hasIt = kernelHasIt): DeviceMapper {
  async function run(args: readonly string[]): Promise<ExecResult | undefined> {
    const program = await exec.find("dmsetup", FOLDERS);
    return program === undefined ? undefined : exec.run({ file: program.file, args, budgetMs: RUN_MS });
  }

  async function change(args: readonly string[], mapped: readonly string[]): Promise<readonly string[]> {
    const problems: string[] = [];
    for (let at = 0; at < mapped.length; at += NAMES_PER_RUN) {
      const result = await run([...args, ...mapped.slice(at, at + NAMES_PER_RUN)]);
      if (result === undefined) problems.push("dmsetup is not installed");
      else if (result.exitCode !== 0) {
        const said = result.stderr.head.trim().split("\n").at(-1) ?? "";
        problems.push(`dmsetup ${args[0]}: ${result.problem ?? (said || `exit code ${result.exitCode}`)}`);
      }
    }
    return problems;
  }

  return {
    async volumes() {
      const result = await run(["info", "-c", "--noheadings", "--separator", "|", "-o", FIELDS]);
      if (result?.exitCode !== 0) return hasIt() ? undefined : [];
      if (result.stdout.bytesLost > 0) return undefined;
      return parseVolumes(result.stdout.head);
    },
    suspend: (mapped) => change(["suspend", "--noflush", "--nolockfs"], mapped),
    resume: (mapped) => change(["resume", "--noudevsync"], mapped),
  };
}
