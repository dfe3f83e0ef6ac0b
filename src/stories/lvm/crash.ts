import { allOpen, claim, endsClean, nobodyWasShot, succeed } from "../acts.ts";
import type { Stage, Story } from "../stage.ts";
import { findDamage, GROUP, startGroup } from "./group.ts";

const ROUNDS = 50;
const ROUNDS_SHORT = 2;
/** Units: ms. By then a command has ended, and so has what all hosts do in a round. */
const COMMAND_MS = 150;
const ROUND_MS = 600;

/**
 * Three volumes: one is made and renamed, of the next the command is killed at a random point, the third
 * is made and removed. Prints what came of each: `NAME CODE`.
 */
function workOf(prefix: string): string {
  const make = (name: string) => `lvcreate -qq -an -Zn -Wn -l1 -n ${name} ${GROUP}`;
  return `exec 2>/dev/null
${make(`${prefix}a`)}; code=$?; echo "${prefix}a $code"
if ((code == 0)); then lvrename -qq ${GROUP} ${prefix}a ${prefix}r; echo "${prefix}r $?"; fi
printf -v ms %03d $((RANDOM % ${COMMAND_MS}))
timeout --signal KILL 0.$ms ${make(`${prefix}k`)}; echo "${prefix}k $?"
${make(`${prefix}g`)}; code=$?; echo "${prefix}g $code"
if ((code == 0)); then lvremove -qq -y ${GROUP}/${prefix}g; echo "${prefix}g- $?"; fi
true`;
}

/** What the words of one host leave open, and what they do not: success is true, anything else unknown. */
export function judge(
  text: string,
  prefix: string,
): { readonly must: readonly string[]; readonly may: readonly string[] } {
  const codes = new Map(
    text.split("\n").flatMap((line) => {
      const [name, code] = line.split(" ");
      return name === undefined || code === undefined ? [] : [[name, Number(code)] as const];
    }),
  );
  const [a, r, k, g, gone] = ["a", "r", "k", "g", "g-"].map((name) => codes.get(`${prefix}${name}`));
  const must: string[] = [];
  const may: string[] = [];
  if (r === 0) must.push(`${prefix}r`);
  else if (a === 0 || r !== undefined) may.push(`${prefix}a`, `${prefix}r`);
  else may.push(`${prefix}a`);
  (k === 0 ? must : may).push(`${prefix}k`);
  if (gone !== 0) (g === 0 && gone === undefined ? must : may).push(`${prefix}g`);
  return { must, may };
}

async function pause(stage: Stage, host: string, ms: number): Promise<void> {
  await stage.run(host, ["bash", "-c", `printf -v ms %03d $((RANDOM % ${ms})); sleep 0.$ms`]);
}

async function playRound(stage: Stage, round: number): Promise<{ readonly killed: number }> {
  const unlucky = stage.nodes[round % stage.nodes.length] as string;
  const killing = pause(stage, unlucky, ROUND_MS)
    .then(() => stage.killDaemon(unlucky))
    .then(() => stage.startDaemon(unlucky));
  const prefixes = stage.nodes.map((_, index) => `r${round}h${index}`);
  const working = stage.nodes.map((host, index) =>
    stage.run(host, ["bash", "-c", workOf(prefixes[index] as string)]),
  );
  const said = await Promise.all(working);
  await killing;
  await allOpen(stage);
  const words = said.map(({ stdout }, index) => judge(stdout, prefixes[index] as string));
  const must = words.flatMap((one) => one.must).map((name) => ({ name, extents: 1 }));
  const may = new Set(words.flatMap((one) => one.may));
  for (const host of stage.nodes) {
    const problems = await findDamage(stage, host, must, may);
    claim(
      problems.length === 0,
      `round ${round}, the daemon of ${unlucky} was killed: ${problems.join("; ")}`,
    );
  }
  // Whoever died has left nothing locked.
  await succeed(stage, unlucky, ["lvremove", "-qq", "-y", GROUP]);
  return {
    killed: said.flatMap(({ stdout }) => stdout.split("\n")).filter((line) => / 137$/.test(line)).length,
  };
}

function play(rounds: number): Story["play"] {
  return async (stage) => {
    await startGroup(stage);
    let killed = 0;
    for (let round = 1; round <= rounds; round++) killed += (await playRound(stage, round)).killed;
    stage.say(`${rounds} rounds: ${rounds} daemons and ${killed} commands killed, the volume group is whole`);
    await nobodyWasShot(stage);
    await endsClean(stage);
    return { timings: {}, why: [] };
  };
}

export const lvmCrash: Story = {
  name: "lvm-crash",
  claim:
    "LVM commands and daemons that are killed at any point leave the volume group whole, and nothing locked.",
  runsIn: ["lab"],
  options: { nodes: 3, lvm: "bouncerd" },
  vary: ({ rounds = ROUNDS, grantEverything }) => {
    if (grantEverything === true) throw new RangeError("lvm-crash has no variant without locks");
    return { ...lvmCrash, play: play(rounds) };
  },
  play: play(ROUNDS_SHORT),
};
