/** What virsh says. Source: virsh(1), domstate; libvirt's virDomainState. */
import type { Power } from "../frame/agent.ts";
import type { PlugEntry } from "../frame/device.ts";

/** A guest in these has a process that holds its disks, or may go on. */
const ON: ReadonlySet<string> = new Set([
  "running",
  "idle",
  "blocked",
  "paused",
  "no state",
  "in shutdown",
  "dying",
  "crashed",
  "pmsuspended",
]);

export function powerOfState(state: string): Power {
  const word = state.trim().toLowerCase();
  if (word === "shut off") return "off";
  return ON.has(word) ? "on" : "unknown";
}

/** One state in one line, and nothing besides: a warning would be a second line. */
export function powerInAnswer(stdout: string): Power {
  const lines = stdout.split("\n").filter((line) => line.trim() !== "");
  return lines.length === 1 && lines[0] !== undefined ? powerOfState(lines[0]) : "unknown";
}

/** Of `virsh dominfo`. A saved machine is "shut off", and its next start is no boot: it goes on where it stood. */
export function hasSavedMemory(stdout: string): boolean {
  return /^Managed save:\s*yes\s*$/im.test(stdout);
}

/** Of `virsh list --all`: below the line with Id and Name. */
export function domainsIn(stdout: string): readonly PlugEntry[] {
  const lines = stdout.split("\n");
  const head = lines.findIndex((line) => /^\s*id\s+name\s/i.test(line));
  if (head < 0) return [];
  return lines.slice(head + 1).flatMap((line): PlugEntry[] => {
    const [, name, state] = /^\s*(?:-|\d+)\s+(\S+)\s+(\S.*?)\s*$/.exec(line) ?? [];
    return name === undefined || state === undefined
      ? []
      : [{ plug: name, alias: "", power: powerOfState(state) }];
  });
}
