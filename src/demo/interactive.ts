/** The demo for people: starts the cluster, says what to type, and waits for Ctrl-C. */
import { openDemoCluster } from "./cluster.ts";
import { consoleLink } from "./console-link.ts";
import { openControl } from "./control.ts";
import { untilStatus } from "./follow.ts";
import { interrupted } from "./signals.ts";

/** Units: ms. For all daemons to start and form their domain. */
const START_MS_MAX = 60_000;

export async function runInteractive(nodes: number): Promise<number> {
  const stop = interrupted();
  process.stdout.write(`Starting ${nodes} nodes on this machine …\n`);
  const cluster = await openDemoCluster({ kind: "demo", nodes, console: true });
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
    const link = await Promise.race([consoleLink(cluster.layout.nodes[0]), stop.then(() => undefined)]);
    process.stdout.write(welcome(cluster.layout.root, cluster.names, link));
    return (await stop) === 130 ? 0 : await stop;
  } finally {
    await control.close();
    await cluster.close();
    process.stdout.write("\nEverything has ended and is cleared away.\n");
  }
}

function consoleLines(link: string, first: string): string {
  return `In a browser (this link works once; another: ./bouncer demo run ${first} console):
  ${link}
The certificate is its own: the browser has to be told to go on.

`;
}

function welcome(root: string, names: readonly string[], link: string | undefined): string {
  const [first = "", second = first] = names;
  const last = names.at(-1) ?? "";
  const commands: readonly (readonly [command: string, about: string])[] = [
    [`run ${first} fence_tool ls`, "any of our commands, as on that node"],
    [`run ${first} watch`, "what happens, as it happens"],
    [`cut ${second}`, "pull its network cables: it is fenced"],
    [`run ${first} history`, "with which proof"],
    [`heal ${second}`, "it comes back"],
    [`crash ${last}`, "nobody can fence it: storage is held"],
    [`run ${first} why`, "why, and what ends it"],
    ["", "everything else that can go wrong"],
  ];
  const lines = commands.map(([command, about]) => `  ./bouncer demo ${command.padEnd(25)} ${about}\n`);
  return `
${names.join(" ")} are up. Each has a bouncerd, a workload that writes to the shared
storage while its gate is open, and a simulated iLO; only ${last} has none: a person has to fence it.

${link === undefined ? "" : consoleLines(link, first)}In another terminal, in this directory:
${lines.join("")}
Files   ${root}
Shared  ${root}/shared.log
Ctrl-C ends everything and clears it away.
`;
}
