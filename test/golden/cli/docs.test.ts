/**
 * What docs/what-if.md shows is what the commands print. To accept a change: GOLDEN_REWRITE=1, then
 * read the diff.
 */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { play } from "./transcript.ts";

const PAGE = new URL("../../../docs/what-if.md", import.meta.url);
const SHOWN = /^```\n\$ (bouncer .*)\n([^`]*)```$/gm;

/** What goes to standard output, as a terminal shows it. */
async function printed(command: string): Promise<string> {
  const world = "examples";
  const lines = (await play({ comments: [], world, typing: [], command })).split("\n");
  return lines.flatMap((line) => (line.startsWith("out|") ? [`${line.slice(4)}\n`] : [])).join("");
}

test("docs/what-if.md shows what the commands print", async () => {
  const text = readFileSync(PAGE, "utf8");
  const shown = [...text.matchAll(SHOWN)];
  assert.ok(shown.length >= 3, "the page has no examples");
  let actual = text;
  for (const [block, command = ""] of shown) {
    actual = actual.replace(block, `\`\`\`\n$ ${command}\n${await printed(command)}\`\`\``);
  }
  if (process.env.GOLDEN_REWRITE === "1") writeFileSync(PAGE, actual);
  else assert.equal(actual, text);
});
