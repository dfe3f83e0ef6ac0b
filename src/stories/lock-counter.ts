import {
  allOpen,
  certificateOf,
  claim,
  endsClean,
  heldFor,
  historyOf,
  LONG_PATIENCE_MS,
  opened,
  succeed,
  timingsOf,
} from "./acts.ts";
import { findCounterProblems, parseJournal } from "./lock-journal.ts";
import type { Stage, Story } from "./stage.ts";

const CLIENTS = 20;
/** Increments of each client. */
const ROUNDS = 4;
/** Lost one after the other; the second one is the master. */
const VICTIMS = ["tpve03", "tpve01"];
const SURVIVOR = "tpve02";
const FOLDER = "/media/shared";

/**
 * Reads, thinks, writes. Then one line in the journal, in one write: who it was, by which boot, and when. What
 * dies between the two has counted and said nothing.
 */
const INCREMENT = `#!/bin/sh
value=$(cat ${FOLDER}/counter)
sleep 0.0$(( $$ % 4 ))
echo $((value + 1)) >${FOLDER}/counter
echo "$((value + 1)) $(hostname) $(cat /proc/sys/kernel/random/boot_id) $(date +%s%3N)" >>${FOLDER}/journal
`;

const CLIENT = `#!/bin/sh
done=0
while [ $done -lt ${ROUNDS} ]; do
  bouncer lock counter -- ${FOLDER}/increment && done=$((done + 1))
done
`;

export const lockCounter: Story = {
  name: "lock-counter",
  claim:
    "Sixty programs on three nodes count in one file under a lock: none counts what another one did, also when nodes are lost.",
  runsIn: ["lab"],
  apart: true,
  options: { nodes: 3 },
  async play(stage) {
    await allOpen(stage);
    const write = (name: string, text: string) =>
      succeedWith(stage, ["sh", "-c", `cat >${FOLDER}/${name} && chmod 755 ${FOLDER}/${name}`], text);
    await write("counter", "0\n");
    await write("journal", "");
    await write("increment", INCREMENT);
    await write("client", CLIENT);
    const journal = async () =>
      parseJournal((await succeed(stage, SURVIVOR, ["cat", `${FOLDER}/journal`])).stdout);

    // They go on by themselves; those of a lost node end with it.
    const all = `for n in $(seq ${CLIENTS}); do ${FOLDER}/client & done; wait; : >${FOLDER}/done-$(hostname)`;
    const apart = `setsid sh -c '${all}' >/dev/null 2>&1 </dev/null &`;
    for (const node of stage.nodes) await succeed(stage, node, ["sh", "-c", apart]);

    let timings = {};
    for (const victim of VICTIMS) {
      const before = (await journal()).length;
      await until(async () => (await journal()).length >= before + 20, "somebody counts");
      const faultAt = Date.now();
      await stage.cut(victim);
      const watchers = stage.nodes.filter((node) => node !== victim);
      const held = await heldFor(stage, [SURVIVOR], victim);
      const open = await opened(stage, SURVIVOR);
      const incident = await certificateOf(stage, SURVIVOR, victim);
      timings = timingsOf(faultAt, held, incident, open);
      stage.say(`${victim} was lost and fenced; ${watchers.join(" and ")} count on`);
      await stage.heal(victim);
      await allOpen(stage);
    }

    const isDone = () => stage.run(SURVIVOR, ["test", "-e", `${FOLDER}/done-${SURVIVOR}`]);
    await until(async () => (await isDone()).code === 0, `the clients of ${SURVIVOR} come to their end`);
    const lines = await journal();
    const incidents = await historyOf(stage, SURVIVOR);
    const counter = Number((await succeed(stage, SURVIVOR, ["cat", `${FOLDER}/counter`])).stdout);
    const problems = findCounterProblems(lines, counter, incidents);
    claim(problems.length === 0, problems.join("; "));
    const own = lines.filter(({ node }) => node === SURVIVOR).length;
    claim(
      own === CLIENTS * ROUNDS,
      `the clients of ${SURVIVOR} counted ${own} times, not ${CLIENTS * ROUNDS}`,
    );
    const others = lines.length - own;
    claim(others > 0, "nobody but the survivor counted");
    stage.say(`${lines.length} increments, ${others} of them on nodes that were lost later`);
    await endsClean(stage);
    return { timings, why: [] };
  },
};

async function succeedWith(stage: Stage, command: readonly string[], input: string): Promise<void> {
  const { code, stderr } = await stage.run(SURVIVOR, command, input);
  claim(code === 0, `${command.join(" ")} failed: ${stderr}`);
}

/** A file tells nobody that it grew. */
async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
  const giveUpAt = Date.now() + LONG_PATIENCE_MS;
  while (!(await holds())) {
    if (Date.now() > giveUpAt) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
