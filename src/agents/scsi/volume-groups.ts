/** The disks of the shared volume groups, where the configuration names none. Source: Debian's fence_scsi. */
import { problem, type Result, success } from "../frame/agent.ts";
import type { ScsiTool } from "./tool.ts";

const OPTIONS = [
  "--noheadings",
  "--separator",
  ":",
  "--sort",
  "pv_uuid",
  "--options",
  "vg_attr,pv_name",
  "--config",
  'devices { preferred_names = [ "^/dev/dm" ] }',
];

export async function sharedDisks(tool: ScsiTool, vgs: string): Promise<Result<readonly string[]>> {
  const answer = await tool.ask(vgs, OPTIONS);
  if (!answer.ok) return answer;
  const disks = disksIn(answer.value);
  return disks.length > 0
    ? success(disks)
    : problem("usage", "Failed: No devices found: name them in devices, no volume group is shared");
}

/** Of attributes the sixth: `c` clustered, `s` shared. Source: vgs(8). */
export function disksIn(text: string): readonly string[] {
  return text.split("\n").flatMap((line) => {
    const [, disk] = /^\s*[a-z-]{5}[cs]:(\/dev\/\S+)\s*$/.exec(line) ?? [];
    return disk === undefined ? [] : [disk];
  });
}
