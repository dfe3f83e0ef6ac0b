/**
 * Does a crowd in front of a node's console slow its fencing? On real Corosync nodes: rounds without and
 * with 500 event streams (every fifth never reads), 100 callers that send a byte a second, and one that asks
 * all the time, all at the node that fences.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { CONSOLE_AT } from "../src/lab/node/software.ts";
import { REPOSITORY } from "../src/lab/places.ts";
import { entering } from "../src/lab/space/enter.ts";
import { type LabStage, openLabStage } from "../src/lab/stage.ts";
import { noFigures, playRound } from "./lab-rounds.ts";
import { type Bench, percentile, type Report } from "./report.ts";

/** With and without by turns: whatever else the machine does meets both. */
const TURNS = 3;
const ROUNDS = 2;
const STREAMS = 500;
const SLOW = 100;
const CROWDED = "tpve01";

export const run: Bench = async (report: Report) => {
  if (process.getuid?.() !== 0) {
    report.note("needs root: namespaces and Corosync");
    return;
  }
  const quiet = noFigures();
  const crowded = noFigures();
  const stage = await openLabStage({ nodes: 3, console: true, say: () => {} });
  try {
    for (let turn = 0; turn < TURNS; turn++) {
      for (let round = 0; round < ROUNDS; round++) await playRound(stage, quiet);
      const crowd = await openCrowd(stage);
      for (let round = 0; round < ROUNDS; round++) await playRound(stage, crowded);
      await crowd.close();
    }
  } finally {
    await stage.close();
  }
  const middle = (samples: readonly number[]): number => percentile(samples, 0.5);
  report.samples("view event to the gate open, nobody looks", quiet.whole, "ms");
  report.samples(
    `view event to the gate open, ${STREAMS} streams, ${SLOW} slow callers`,
    crowded.whole,
    "ms",
  );
  report.ratio("  of that without", middle(crowded.whole), middle(quiet.whole));
  report.samples("view event to the agent's start, nobody looks", quiet.toAgent, "ms");
  report.samples("view event to the agent's start, crowded", crowded.toAgent, "ms");
};

/** Order: resolves when all of them have come. */
async function openCrowd(stage: LabStage): Promise<{ close(): Promise<void> }> {
  const token = await stage.run(CROWDED, ["bouncer", "token", "add", "crowd", "--days", "1"]);
  if (token.code !== 0) throw new Error(`no token: ${token.stderr}`);
  const { pid } = await stage.lab.node(CROWDED).init();
  const [command = "", ...args] = [
    ...entering(pid),
    `${REPOSITORY}/node_modules/.bin/node`,
    `${REPOSITORY}/src/lab/crowd.ts`,
    ...[CONSOLE_AT, String(STREAMS), String(SLOW)],
  ];
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "exit");
  child.stdin.write(`${token.stdout.trim()}\n`);
  const said = await Promise.race([
    once(createInterface({ input: child.stdout }), "line"),
    ended.then(() => ["nothing"]),
  ]);
  if (said[0] !== "here") throw new Error(`the crowd did not come: ${said[0]}`);
  return {
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}
