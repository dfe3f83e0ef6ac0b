/** Nodes that share two disks with persistent reservations, of which a program stands for sg_persist. */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { createAgentHost } from "../../../src/adapters/process/agent-host.ts";
import type { AgentAction, AgentAnswer } from "../../../src/agents/frame/agent.ts";
import { runCommand } from "../../../src/agents/frame/command.ts";
import { Values } from "../../../src/agents/frame/values.ts";
import type { AgentHost } from "../../../src/ports/agent-host.ts";
import { builtin, type Given, type Ran } from "./ask.ts";
import { stdinOf } from "./compare.ts";
import { type Ended, runProgram } from "./rig.ts";

const FAKE = new URL("../../fixtures/scsi/sg_persist", import.meta.url).pathname;
/** Nodes of the file system that nobody opens: what is asked is the program. */
export const DISKS = ["/dev/loop6", "/dev/loop7"] as const;
export const NODES = ["tpve01", "tpve02", "tpve03"] as const;
export type Name = (typeof NODES)[number];

export interface ScsiRig {
  readonly folder: string;
  /** Parameters of the node that runs the agent; `plug` is whom it is about. */
  given(by: Name, plug?: Name): Record<string, string>;
  ask(by: Name, action: AgentAction, more: Given, budgetMs?: number): Promise<AgentAnswer>;
  /** The built-in one as a command, and Debian's, on the same node. */
  ours(by: Name, more: Given): Promise<Ran>;
  debians(by: Name, more: Given): Promise<Ended>;
  /** Would the disk let the node write? Ground truth: the disk's own state. */
  mayWrite(node: Name, disk?: string): boolean;
  state(disk: string): string;
  keep(): void;
  /** As it was when it was kept. */
  restore(): void;
  fault(disk: string, fault: string | undefined): void;
}

export function openScsi(t: Pick<TestContext, "after">): ScsiRig {
  const folder = mkdtempSync(join(tmpdir(), "bouncer-scsi-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const node of NODES) {
    mkdirSync(join(folder, node, "run"), { recursive: true });
    copyFileSync(FAKE, join(folder, node, "sg_persist"));
    chmodSync(join(folder, node, "sg_persist"), 0o755);
    symlinkSync("sg_persist", join(folder, node, "sg_turs"));
  }
  writeFileSync(join(folder, "cmapctl"), CMAPCTL, { mode: 0o755 });
  writeFileSync(join(folder, "vgs"), VGS, { mode: 0o755 });
  const files = [
    ...DISKS.map((disk) => `${disk.slice(5)}.state`),
    ...NODES.flatMap((node) => [`${node}/run/cluster.key`, `${node}/run/cluster.dev`]),
  ];
  const text = (file: string): string | undefined =>
    existsSync(join(folder, file)) ? readFileSync(join(folder, file), "utf8") : undefined;
  let kept: readonly (string | undefined)[] = [];

  const rig: ScsiRig = {
    folder,
    given: (by, plug = by) => ({
      plug,
      devices: DISKS.join(","),
      sg_persist_path: join(folder, by, "sg_persist"),
      sg_turs_path: join(folder, by, "sg_turs"),
      corosync_cmap_path: join(folder, "cmapctl"),
      vgs_path: join(folder, "vgs"),
    }),
    async ask(by, action, more, budgetMs = 20_000) {
      const agent = await builtin("fence_scsi");
      const all: Given = { ...rig.given(by), ...more, action };
      const texts = Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined);
      return agent.run(action, new Values(agent.parameters, new Map(texts)), {
        signal: new AbortController().signal,
        deadline: performance.now() + budgetMs,
        identity: "skip",
        host: hostOf(join(folder, by)),
      });
    },
    async ours(by, more) {
      let [out, err] = ["", ""];
      const code = await runCommand(await builtin("fence_scsi"), [], {
        out: (part) => {
          out += part;
        },
        err: (part) => {
          err += part;
        },
        stdin: async () => stdinOf({ ...rig.given(by), ...more }),
        shell: async () => undefined,
        append: () => false,
        wall: () => new Date(0),
        env: {},
        signal: new AbortController().signal,
        host: hostOf(join(folder, by)),
        version: "test",
      });
      return { code, out, err };
    },
    /** Below a /run of its own: its files lie at fixed places. */
    debians: (by, more) =>
      runProgram(
        [
          "unshare",
          "-m",
          "sh",
          "-c",
          `mount --bind ${join(folder, by, "run")} /run && exec /usr/sbin/fence_scsi`,
        ],
        stdinOf({ ...rig.given(by), ...more }),
      ),
    mayWrite(node, disk = DISKS[0]) {
      const state = rig.state(disk);
      return !state.includes("holder ") || state.includes(`key ${node} `);
    },
    state: (disk) => text(`${disk.slice(5)}.state`) ?? "",
    keep() {
      kept = files.map(text);
    },
    restore() {
      files.forEach((file, index) => {
        const was = kept[index];
        if (was === undefined) rmSync(join(folder, file), { force: true });
        else writeFileSync(join(folder, file), was);
      });
    },
    fault(disk, fault) {
      const file = join(folder, `${disk.slice(5)}.fault`);
      if (fault === undefined) rmSync(file, { force: true });
      else writeFileSync(file, fault);
    },
  };
  return rig;
}

/** The real one, with a /run of its own. */
function hostOf(home: string): AgentHost {
  const host = createAgentHost();
  const moved = (path: string): string => (path.startsWith("/run/") ? join(home, path) : path);
  return {
    ...host,
    firstLine: (path) => host.firstLine(moved(path)),
    write: (path, content) => host.write(moved(path), content),
    addLine: (path, line) => host.addLine(moved(path), line),
  };
}

const CMAPCTL = `#!/bin/sh
case "$1" in
  totem.cluster_name) echo "totem.cluster_name (str) = tpve" ;;
  nodelist) i=0; for node in ${NODES.join(" ")}; do
    echo "nodelist.node.$i.name (str) = $node"; echo "nodelist.node.$i.nodeid (u32) = $((i + 1))"
    echo "nodelist.node.$i.ring0_addr (str) = 10.77.0.$((i + 1))"; i=$((i + 1)); done ;;
  *) exit 1 ;;
esac
`;

const VGS = `#!/bin/sh
[ "$1" = --version ] && exit 0
echo "  wz--n-:/dev/loop5"
echo "  wz--nc:${DISKS[0]}"
`;
