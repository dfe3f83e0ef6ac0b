/** What `fence_tool leave` looks for by itself before it asks the daemon. Source: cluster 3.x. */
import type { CliFiles } from "../context.ts";
import { clean } from "../format/text.ts";

const LOCKSPACES = "/sys/kernel/dlm";

/** Lines for what is mounted and which lockspaces there are on this host; empty: nothing. */
export function systemsInUse(files: CliFiles): string[] {
  const mounts = (files.read("/proc/mounts") ?? "").split("\n").flatMap((line) => {
    const [device = "", directory = "", type = ""] = line.split(" ");
    if (type !== "gfs" && type !== "gfs2") return [];
    return [clean(`found ${type} file system mounted from ${device} on ${directory}`)];
  });
  const lockspaces = files.list(LOCKSPACES).map((name) => clean(`found dlm lockspace ${LOCKSPACES}/${name}`));
  return [...mounts, ...lockspaces];
}
