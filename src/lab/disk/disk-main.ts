/**
 * `disk-main.ts`: the disks of a lab, one memory file system per node, served to the kernel through
 * /dev/fuse. Runs in the lab's namespaces and obeys lines on standard input, each answered by one:
 * `mount NAME PID PATH` (in the mount namespace of PID), `freeze NAME`, `thaw NAME`, `drop NAME`.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { createDisk, type Disk } from "./disk.ts";

const disks = new Map<string, Disk>();

async function obey(line: string): Promise<void> {
  const [order, name = "", pid = "", path = ""] = line.split(" ");
  const disk = disks.get(name) ?? createDisk();
  disks.set(name, disk);
  if (order === "freeze") return disk.freeze();
  if (order === "thaw") return disk.thaw();
  if (order === "drop") return disk.drop();
  if (order !== "mount") throw new Error(`cannot ${order}`);
  await disk.attach((fd) => mount(fd, pid, path));
}

async function mount(fd: number, pid: string, path: string): Promise<void> {
  const options = "fd=3,rootmode=40000,user_id=0,group_id=0,allow_other,default_permissions";
  const command = ["mount", "-i", "-t", "fuse", "-o", options, "lab-disk", path];
  const child = spawn("nsenter", ["--target", pid, "--mount", "--", ...command], {
    stdio: ["ignore", "ignore", "pipe", fd],
  });
  let complaint = "";
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    complaint += chunk;
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`mount ended with ${code}: ${complaint.trim()}`);
}

for await (const line of createInterface({ input: process.stdin })) {
  const answer = await obey(line).then(
    () => "ok",
    (error: Error) => `failed ${error.message.replaceAll("\n", " ")}`,
  );
  process.stdout.write(`${answer}\n`);
}
process.exit(0); // Reads of /dev/fuse would hold it for ever.
