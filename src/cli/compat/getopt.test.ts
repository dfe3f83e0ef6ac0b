import assert from "node:assert/strict";
import { test } from "node:test";
import { getopt } from "./getopt.ts";

const letters = (argv: readonly string[], spec = "nw:v") => {
  const result = getopt("tool", argv, spec);
  if (!result.ok) return result.complaint;
  return [result.options.map(({ letter, value }) => letter + value).join(" "), result.words.join(" ")];
};

test("options stand anywhere, alone or together, with their value beside or inside", () => {
  const table: [string, string[]][] = [
    ["ls", ["", "ls"]],
    ["-n ls", ["n", "ls"]],
    ["ls -n", ["n", "ls"]],
    ["-nv ls", ["n v", "ls"]],
    ["join -w 5", ["w5", "join"]],
    ["join -w5", ["w5", "join"]],
    ["join -nw5", ["n w5", "join"]],
    ["join -w -1", ["w-1", "join"]],
    ["-v -- -n ls", ["v", "-n ls"]],
    ["- ls", ["", "- ls"]],
  ];
  for (const [line, expected] of table) assert.deepEqual(letters(line.split(" ")), expected, line);
});

test("complaints are those of getopt", () => {
  assert.equal(letters(["-x"]), "tool: invalid option -- 'x'");
  assert.equal(letters(["-:"]), "tool: invalid option -- ':'");
  assert.equal(letters(["join", "-w"]), "tool: option requires an argument -- 'w'");
  assert.equal(letters(["--help"]), "tool: invalid option -- '-'");
});
