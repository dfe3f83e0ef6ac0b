/** Where everything of one demo lies: one directory, readable by its owner only, removed at the end. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { NodeId } from "../core/ids.ts";

/** Root of the checkout (or of the installed copy). */
export const HOME_DIRECTORY = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const AGENT = join(HOME_DIRECTORY, "src", "demo", "agent", "fence_bouncer_demo");

/** Units: bytes. The kernel's limit of a Unix socket's path is 107. */
const ROOT_BYTES_MAX = 60;
const NODES_MAX = 16;

export interface NodeLayout {
  readonly id: NodeId;
  readonly name: string;
  readonly directory: string;
  readonly socket: string;
  /** Its own copy of cluster.conf. */
  readonly config: string;
  readonly stateDirectory: string;
  readonly hooks: string;
  readonly daemonLog: string;
  /** Present while the node's workload may write. */
  readonly workloadPid: string;
  /** Port of its web console on 127.0.0.1; absent: none. */
  readonly consolePort?: number;
  /** The simulated iLO listens here. Its fence device is named after the node. */
  readonly ilo: string;
}

export interface DemoLayout {
  readonly kind: "demo" | "story";
  readonly root: string;
  readonly config: string;
  readonly hub: string;
  readonly control: string;
  readonly shared: string;
  readonly passwordScript: string;
  /** The fence agent, by a path without blanks. */
  readonly agent: string;
  readonly nodes: readonly NodeLayout[];
}

/** Where demos live: the user's own runtime directory, else the one for temporary files. */
export function baseDirectory(): string {
  const own = process.env["XDG_RUNTIME_DIR"];
  for (const base of [own, tmpdir()]) {
    if (base !== undefined && base !== "" && base.length <= ROOT_BYTES_MAX) return base;
  }
  return "/tmp";
}

/** `demo` directories are found by `bouncer demo`; those of stories are not. */
export function rootPrefix(kind: "demo" | "story"): string {
  return `bouncer-${kind}-${process.getuid?.() ?? 0}-`;
}

export function nodeName(id: NodeId): string {
  return `tpve${String(id).padStart(2, "0")}`;
}

export function createLayout(
  kind: "demo" | "story",
  nodes: number,
  consolePorts: readonly number[] = [],
): DemoLayout {
  if (!Number.isInteger(nodes) || nodes < 1 || nodes > NODES_MAX) {
    throw new RangeError(`a demo has 1 to ${NODES_MAX} nodes`);
  }
  const root = mkdtempSync(join(baseDirectory(), rootPrefix(kind)));
  return {
    kind,
    root,
    config: join(root, "cluster.conf"),
    hub: join(root, "hub.sock"),
    control: join(root, "control.sock"),
    shared: join(root, "shared.log"),
    passwordScript: join(root, "ilo-password"),
    agent: join(root, "fence_bouncer_demo"),
    nodes: Array.from({ length: nodes }, (_, index) => nodeLayout(root, index + 1, consolePorts[index])),
  };
}

function nodeLayout(root: string, id: NodeId, consolePort: number | undefined): NodeLayout {
  const name = nodeName(id);
  const directory = join(root, name);
  return {
    id,
    name,
    directory,
    socket: join(directory, "bouncer.sock"),
    config: join(directory, "cluster.conf"),
    stateDirectory: join(directory, "state"),
    hooks: join(directory, "hooks"),
    daemonLog: join(directory, "bouncerd.log"),
    workloadPid: join(directory, "workload.pid"),
    ilo: join(root, `ilo-${name}`),
    ...(consolePort === undefined ? {} : { consolePort }),
  };
}

export function removeLayout(layout: DemoLayout): void {
  rmSync(layout.root, { recursive: true, force: true });
}
