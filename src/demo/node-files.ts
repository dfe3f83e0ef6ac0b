/** What lies in the directory of one simulated machine before its first start. */
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DemoLayout, NodeLayout } from "./layout.ts";

export function writeNodeFiles(layout: DemoLayout, node: NodeLayout): void {
  mkdirSync(dmiFolder(node), { recursive: true, mode: 0o700 });
  writeFileSync(join(dmiFolder(node), "product_serial"), `DEMO${node.name.toUpperCase()}\n`);
  for (const directory of ["freeze.d", "thaw.d", "in-use.d"]) {
    mkdirSync(join(node.hooks, directory), { recursive: true, mode: 0o700 });
  }
  copyFileSync(layout.config, node.config);
  writeScript(
    join(node.hooks, "in-use.d", "demo-workload"),
    `pid=$(cat '${node.workloadPid}' 2>/dev/null) || exit 0
kill -0 "$pid" 2>/dev/null || exit 0
echo "the demo's workload (process $pid) writes to ${layout.shared}"`,
  );
}

/** What the simulated machine's firmware says: the host's own would be the same for all. */
export function dmiFolder(node: NodeLayout): string {
  return join(node.directory, "dmi");
}

export function writeScript(path: string, body: string): void {
  writeFileSync(path, `#!/bin/sh\n${body}\n`, { mode: 0o700 });
  chmodSync(path, 0o700);
}
