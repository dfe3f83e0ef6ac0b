import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parseClusterConf } from "../../../src/config/parse.ts";
import { readConfig } from "./read-config.ts";

function example(name: string): string {
  return readFileSync(new URL(`../../../docs/examples/${name}.conf`, import.meta.url), "utf8");
}

test("the browser plays the same configuration as the command line", () => {
  for (const name of ["article", "two-nodes", "five-nodes"]) {
    const text = example(name);
    assert.deepEqual(readConfig(text)?.config, parseClusterConf(text).config, name);
  }
});

test("what cannot be read is not played", () => {
  const text = example("article");
  for (const bad of [
    "",
    "<cluster",
    text.replace("</fence>", ""),
    text.replace("<clusternodes>", "<clusternode>"),
    text.replace('nodeid="2"', 'nodeid="x"'),
    `<!DOCTYPE x>${text}`,
  ])
    assert.equal(readConfig(bad), undefined, bad.slice(0, 60));
});
