/** What the lab's tests need of the machine. */
import { existsSync } from "node:fs";

const PROGRAMS = [
  "/usr/sbin/corosync",
  "/usr/bin/ipmi_sim",
  "/usr/sbin/fence_ipmilan",
  "/usr/bin/unshare",
  "/usr/bin/nsenter",
];

/** False when everything is there, else why the tests are left out. */
export function labIsMissing(): string | false {
  if (process.getuid?.() !== 0) return "needs root, for namespaces";
  const missing = PROGRAMS.filter((program) => !existsSync(program));
  if (missing.length > 0)
    return `${missing.join(", ")} not installed: apt-get install corosync openipmi fence-agents`;
  return false;
}
