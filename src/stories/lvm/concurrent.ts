import { claim, endsClean, nobodyWasShot, succeed } from "../acts.ts";
import type { Stage, Story } from "../stage.ts";
import { findDamage, GROUP, startGroup, type Volume } from "./group.ts";

/** Volumes of one round, of all hosts together; a multiple of 2 and 3. */
const VOLUMES = 120;
const VOLUMES_SHORT = 12;
const ROUNDS = 10;
/** Problems that are told one by one. */
const SHOWN = 3;

interface Work {
  readonly rounds: number;
  readonly volumes: number;
}

/**
 * What one host does in a round, alone or beside others: each volume is created, extended and renamed, and
 * every second one removed. Prints the commands that failed.
 */
function workOf(prefix: string, volumes: number): string {
  return `did() { "$@" 2>/tmp/said.$$ || { echo "$* ended with $?: $(grep -v WARNING /tmp/said.$$ | tr '\\n' ' ')"; }; }
for ((i = 1; i <= ${volumes}; i++)); do
  did lvcreate -qq -an -Zn -Wn -l1 -n ${prefix}$i ${GROUP}
  did lvextend -qq -l+1 ${GROUP}/${prefix}$i
  did lvrename -qq ${GROUP} ${prefix}$i ${prefix}\${i}x
  if ((i % 2 == 0)); then did lvremove -qq -y ${GROUP}/${prefix}\${i}x; fi
done`;
}

function leftOf(prefix: string, volumes: number): readonly Volume[] {
  return Array.from({ length: volumes }, (_, index) => index + 1)
    .filter((i) => i % 2 !== 0)
    .map((i) => ({ name: `${prefix}${i}x`, extents: 2 }));
}

/** Answers what went wrong; empty: nothing. Leaves the group as empty as it was when nothing did. */
async function playRound(
  stage: Stage,
  hosts: readonly string[],
  volumes: number,
): Promise<readonly string[]> {
  const each = volumes / hosts.length;
  const outputs = await Promise.all(
    hosts.map((host, index) => stage.run(host, ["bash", "-c", workOf(`h${index}v`, each)])),
  );
  const failed = outputs.flatMap(({ stdout }) => stdout.split("\n").filter((line) => line !== ""));
  const expected = hosts.flatMap((_, index) => leftOf(`h${index}v`, each));
  const damage = await Promise.all(stage.nodes.map((host) => findDamage(stage, host, expected)));
  const problems = [...failed, ...damage.flat()];
  if (problems.length === 0) await succeed(stage, hosts[0] as string, ["lvremove", "-qq", "-y", GROUP]);
  return problems;
}

function shown(problems: readonly string[]): string {
  const more = problems.length > SHOWN ? ` and ${problems.length - SHOWN} more` : "";
  return `${problems.slice(0, SHOWN).join("; ")}${more}`;
}

/** Two hosts, then three, as often as there are rounds. */
function setsOf(stage: Stage, rounds: number): readonly (readonly string[])[] {
  return [2, 3].flatMap((count) => Array.from({ length: rounds }, () => stage.nodes.slice(0, count)));
}

function guarded({ rounds, volumes }: Work): Story["play"] {
  return async (stage) => {
    await startGroup(stage);
    for (const [index, hosts] of setsOf(stage, rounds).entries()) {
      const begun = Date.now();
      const problems = await playRound(stage, hosts, volumes);
      claim(problems.length === 0, `round ${index + 1}, ${hosts.length} hosts: ${shown(problems)}`);
      stage.say(
        `round ${index + 1}: ${volumes} volumes, ${hosts.length} hosts, whole after ${Date.now() - begun} ms`,
      );
    }
    await nobodyWasShot(stage);
    await endsClean(stage);
    return { timings: {}, why: [] };
  };
}

function unguarded({ rounds, volumes }: Work): Story["play"] {
  return async (stage) => {
    await startGroup(stage);
    for (const hosts of setsOf(stage, rounds)) {
      const problems = await playRound(stage, hosts, volumes);
      if (problems.length === 0) continue;
      stage.say(`without locks ${hosts.length} hosts broke the volume group: ${shown(problems)}`);
      return { timings: {}, why: [] };
    }
    throw new Error(`${2 * rounds} rounds without locks broke nothing: this story proves nothing`);
  };
}

export const lvmConcurrent: Story = {
  name: "lvm-concurrent",
  claim:
    "Hosts that change one volume group at the same time leave it whole, and what a command said is true.",
  runsIn: ["lab"],
  options: { nodes: 3, lvm: "bouncerd" },
  vary: ({ rounds = ROUNDS, grantEverything }) => ({
    ...lvmConcurrent,
    options: { nodes: 3, lvm: grantEverything === true ? "grant-everything" : "bouncerd" },
    play: (grantEverything === true ? unguarded : guarded)({ rounds, volumes: VOLUMES }),
  }),
  play: guarded({ rounds: 1, volumes: VOLUMES_SHORT }),
};
