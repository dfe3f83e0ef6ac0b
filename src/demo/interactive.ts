/** The demo for people: starts the cluster, says what to type, and waits for Ctrl-C. */
import { openDemoCluster } from "./cluster.ts";
import { openControl } from "./control.ts";
import { untilStatus } from "./follow.ts";
import { interrupted } from "./signals.ts";

/** Units: ms. For all daemons to start and form their domain. */
const START_MS_MAX = 60_000;

export async function runInteractive(nodes: number): Promise<number> {
  const stop = interrupted();
  process.stdout.write(`Starting ${nodes} nodes on this machine …\n`);
  const cluster = await openDemoCluster({ kind: "demo", nodes });
  const control = await openControl(cluster);
  try {
    const ready = Promise.all(
      cluster.layout.nodes.map(({ name, socket }) =>
        untilStatus({
          socket,
          what: `${name}: all nodes are members and storage is open`,
          holds: (status) => status.gate === "open" && status.domain.members.length === nodes,
          timeoutMs: START_MS_MAX,
        }),
      ),
    );
    const early = await Promise.race([ready, stop]);
    if (typeof early === "number") return early;
    process.stdout.write(welcome(cluster.layout.root, cluster.names));
    return (await stop) === 130 ? 0 : await stop;
  } finally {
    await control.close();
    await cluster.close();
    process.stdout.write("\nEverything has ended and is cleared away.\n");
  }
}

function welcome(root: string, names: readonly string[]): string {
  const [first = "", second = first] = names;
  const last = names.at(-1) ?? "";
  return `
${names.join(" ")} are up. Each has a bouncerd, a simulated iLO (${last} has none, as in the
old days) and a workload that writes to ${root}/shared.log while its gate is open.

In another terminal, in this directory:
  ./bouncer demo run ${first} fence_tool ls     any of our commands, as on that node
  ./bouncer demo run ${first} status
  ./bouncer demo cut ${second}                  pull its network cables, and watch:
  ./bouncer demo run ${first} watch
  ./bouncer demo heal ${second}
  ./bouncer demo crash ${last}                nobody can fence it: storage is held
  ./bouncer demo run ${first} why               … why, and what ends it
  ./bouncer demo                             everything else that can go wrong

Files: ${root} (cluster.conf, and per node: bouncerd.log, bouncer.sock)
Ctrl-C ends everything and clears it away.
`;
}
