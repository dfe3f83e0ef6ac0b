/** Runs the same standard input through Debian's agent and through ours, and compares what came of it. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import type { Chassis } from "../../../src/bmc/chassis/chassis.ts";
import { type Given, runAsCommand } from "./ask.ts";
import { runProgram } from "./rig.ts";

export interface Case {
  readonly name: string;
  /** Power before each of the two. Default: on. */
  readonly power?: "on" | "off";
  /** On top of what all cases have; `undefined` takes one away. */
  readonly more: Given;
  /** What differs on purpose. The reason stands in docs/agent-differences.md too. */
  readonly differs?: Difference;
}

export interface Difference {
  readonly why: string;
  /** Exit code of ours. */
  readonly code?: number;
  readonly out?: RegExp;
  /** The last word of ours on standard error. */
  readonly err?: RegExp;
  /** Power behind ours. */
  readonly power?: "on" | "off";
}

export interface Comparison {
  readonly agent: string;
  readonly base: Given;
  readonly cases: readonly Case[];
  readonly chassis: Pick<Chassis, "power" | "turn">;
}

export function skipWithout(...programs: readonly string[]): false | string {
  const missing = programs.find((program) => !existsSync(program));
  return missing === undefined ? false : `${missing} is not installed`;
}

export async function compareCases({ agent, base, cases, chassis }: Comparison): Promise<void> {
  for (const { name, power = "on", more, differs } of cases) {
    const input = stdinOf({ ...base, ...more });
    chassis.turn(power);
    const theirs = await runProgram([`/usr/sbin/${agent}`], input);
    const after = chassis.power;
    chassis.turn(power);
    const ours = await runAsCommand(agent, input);
    const told = `${agent}, ${name}:\n${theirs.stderr}---\n${ours.err}`;
    assert.equal(ours.code, differs?.code ?? theirs.code, `exit code: ${told}`);
    if (differs?.out === undefined) assert.equal(ours.out, theirs.stdout, told);
    else assert.match(ours.out, differs.out, told);
    if (differs?.err === undefined) assert.equal(lastWord(ours.err), lastWord(theirs.stderr), told);
    else assert.match(lastWord(ours.err), differs.err, told);
    assert.equal(chassis.power, differs?.power ?? after, `the power afterwards: ${told}`);
  }
}

/**
 * Our metadata without the parameters that only we have; the long description is our own everywhere.
 * Each of those parameters has to be explained in the documentation.
 */
export async function compareMetadata(agent: string, own: readonly string[] = []): Promise<void> {
  const theirs = await runProgram([`/usr/sbin/${agent}`, "-o", "metadata"]);
  const ours = await runAsCommand(agent, "action=metadata\n");
  const plain = (xml: string): string => xml.replace(/<longdesc>[\s\S]*?<\/longdesc>/, "");
  const without = ours.out.replace(
    /\t<parameter name="([^"]*)"[\s\S]*?<\/parameter>\n/g,
    (whole, parameter: string) => (own.includes(parameter) ? "" : whole),
  );
  assert.equal(plain(without), plain(theirs.stdout), agent);
  const docs = readFileSync(new URL("../../../docs/agent-differences.md", import.meta.url), "utf8");
  for (const name of own) assert.ok(docs.includes(`\`${name}\``), `${name} is not explained`);
}

export function stdinOf(given: Given): string {
  return Object.entries(given)
    .map(([name, value]) => (value === undefined ? "" : `${name}=${value}\n`))
    .join("");
}

/** The last line that says something, without its time. */
export function lastWord(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return (lines.at(-1) ?? "").replace(/^[\d-]+ [\d:,]+ /, "");
}
