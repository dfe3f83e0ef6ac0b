/** `bouncer demo …`: trouble for the demo cluster of this machine, and our commands on its nodes. */
import { spawnSync } from "node:child_process";
import type { DemoRequest } from "../api/demo.ts";
import { askDemo } from "../console/demo-control.ts";
import { findDemo, type RunningDemo } from "./find.ts";
import { toolPath } from "./tool.ts";

const EXIT = { ok: 0, failed: 1, usage: 2, unreachable: 4 } as const;

const USAGE = `usage: bouncer demo COMMAND …          (the demo itself: npm start)

  run NODE COMMAND…      one of our commands on that node: run tpve01 fence_tool ls, run tpve01 why
  status                 where the demo is, and which nodes have power
  cut NODE               pull its network cables (the iLO stays reachable);   heal NODE | heal all
  split A,B C,D          cut the network into groups;                         heal all
  crash NODE             it loses power at this instant;                      power NODE on|off
  hang NODE              everything on it stops;                              resume NODE
  daemon-crash NODE      only bouncerd dies;                                  daemon-start NODE
  freeze-disk NODE       its state directory answers no more;                 thaw-disk NODE
  device NODE FAULT      its iLO: fails, hangs, lies, none, or blind NODE,…
  workload NODE on|off   what writes to the shared storage there

NODE is tpve01, tpve02, … Nothing here touches a real machine.
`;

const ON_NODE = [
  "cut",
  "heal",
  "crash",
  "hang",
  "resume",
  "freeze-disk",
  "thaw-disk",
  "daemon-crash",
  "daemon-start",
] as const;

/** Returns the exit code. Talks on stdout and stderr of this process. */
export async function runDemoCommand(args: readonly string[]): Promise<number> {
  const [command = "help", ...rest] = args;
  if (command === "help" || command === "--help" || command === "-h") {
    process.stdout.write(USAGE);
    return EXIT.ok;
  }
  const request = command === "run" ? undefined : parseRequest(command, rest);
  if (request === undefined && (command !== "run" || rest.length < 2)) return complain(USAGE, EXIT.usage);
  const demo = await findDemo();
  if (demo === undefined) {
    return complain("bouncer demo: no demo runs here; start one with: npm start\n", EXIT.unreachable);
  }
  return request === undefined ? runOnNode(demo, rest) : perform(demo, request);
}

function parseRequest(command: string, [node, word, names]: readonly string[]): DemoRequest | undefined {
  if (command === "status") return { op: "describe" };
  if (node === undefined) return undefined;
  if (command === "heal" && node === "all") return { op: "heal-all" };
  if (command === "split") {
    return {
      op: "split",
      groups: [node, word ?? "", names ?? ""].filter(Boolean).map((group) => group.split(",")),
    };
  }
  const op = ON_NODE.find((name) => name === command);
  if (op !== undefined) return { op, node };
  if (command === "power" || command === "workload") {
    return word === "on" || word === "off" ? { op: command, node, state: word } : undefined;
  }
  return command === "device" ? parseFault(node, word, names) : undefined;
}

function parseFault(node: string, word = "", names = ""): DemoRequest | undefined {
  if (word === "blind" && names !== "") {
    return { op: "device", node, fault: { type: "blind", to: names.split(",") } };
  }
  const type = (["none", "fails", "hangs", "lies"] as const).find((name) => name === word);
  return type === undefined ? undefined : { op: "device", node, fault: { type } };
}

async function perform(demo: RunningDemo, request: DemoRequest): Promise<number> {
  const reply = await askDemo(demo.control, request);
  if (!reply.ok) return complain(`bouncer demo: ${reply.problem}\n`, EXIT.failed);
  if (request.op !== "describe") return EXIT.ok;
  const nodes = reply.nodes.map(
    ({ name, power, socket }) => `${name}  power ${power.padEnd(3)}  ${socket}\n`,
  );
  process.stdout.write(`${nodes.join("")}shared  ${reply.shared}\nfiles   ${reply.root}\n`);
  return EXIT.ok;
}

function runOnNode(demo: RunningDemo, [name = "", ...words]: readonly string[]): number {
  const node = demo.state.nodes.find((other) => other.name === name);
  if (node === undefined) {
    const names = demo.state.nodes.map((other) => other.name).join(", ");
    return complain(`bouncer demo: there is no node ${name}; there are ${names}\n`, EXIT.usage);
  }
  const named = toolPath(words[0] ?? "");
  const [path, args] =
    named === undefined ? [toolPath("bouncer") ?? "bouncer", words] : [named, words.slice(1)];
  const env = { ...process.env, BOUNCER_SOCKET: node.socket };
  return spawnSync(path, args, { stdio: "inherit", env }).status ?? EXIT.failed;
}

function complain(text: string, code: number): number {
  process.stderr.write(text);
  return code;
}
