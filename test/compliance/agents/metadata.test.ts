import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseAgentMetadata } from "../../../src/adapters/process/agent-metadata.ts";
import { createBench } from "./bench.ts";

const LIMIT = { timeout: 60_000 };
const GOOD = `<?xml version="1.0"?>
<resource-agent name="fence_x" shortdesc="x"><parameters>
<parameter name="ip" required="1" obsoletes="ipaddr"><content type="string"/><shortdesc>Where &amp; how</shortdesc></parameter>
<parameter name="m"><content type="select" default="a"><option value="a"/><option value="b"/></content></parameter>
</parameters><actions><action name="off"/><action name="on" automatic="1" on_target="1"/></actions></resource-agent>`;

test("a description is read, warnings before it are skipped", () => {
  const metadata = parseAgentMetadata(`WARNING: something\n${GOOD}\n`);
  assert.equal(metadata?.name, "fence_x");
  assert.deepEqual(metadata?.parameters[0], {
    name: "ip",
    required: true,
    deprecated: false,
    obsoletes: "ipaddr",
    type: "string",
    options: [],
    help: "Where & how",
  });
  assert.deepEqual(metadata?.parameters[1]?.options, ["a", "b"]);
  assert.equal(metadata?.parameters[1]?.default, "a");
  assert.deepEqual(metadata?.actions[1], { name: "on", automatic: true, onTarget: true });
});

test("what is not a description is refused: other XML, entities, too long, cut off", () => {
  const bomb = `<!DOCTYPE resource-agent [<!ENTITY a "x">]>${GOOD.slice(GOOD.indexOf("<resource"))}`;
  for (const text of ["", "x", "<a/>", bomb, GOOD.slice(0, -5), `${GOOD}${" ".repeat(300_000)}`]) {
    assert.equal(parseAgentMetadata(text), undefined);
  }
});

test("no input makes the reader throw, and no name can break a line", () => {
  const pieces = fc.constantFrom(
    "<",
    ">",
    "/",
    '"',
    "&",
    "resource-agent",
    "parameters",
    "parameter",
    "\n",
    " name=",
    "\0",
  );
  const soup = fc.array(fc.oneof(pieces, fc.string({ maxLength: 8, unit: "binary" })), { maxLength: 60 });
  fc.assert(
    fc.property(soup, fc.nat(GOOD.length), fc.nat(40), (parts, at, cut) => {
      const text = GOOD.slice(0, at) + parts.join("") + GOOD.slice(at + cut);
      const metadata = parseAgentMetadata(text);
      for (const { name } of metadata?.parameters ?? []) assert.match(name, /^[\w.:-]+$/);
    }),
    { numRuns: 400 },
  );
});

test("an agent that does not describe itself counts as an unknown power agent", LIMIT, async (t) => {
  const bench = createBench(t, ["fence_hangs", "fence_absent", "fence_codes", "fence_lies"]);
  assert.deepEqual(await bench.agents.traits(), [
    { agent: "fence_hangs", installed: true, actions: [], defaultAction: "reboot" },
    { agent: "fence_absent", installed: false, actions: [], defaultAction: "reboot" },
    { agent: "fence_codes", installed: true, actions: ["on", "off", "status"], defaultAction: "off" },
    { agent: "fence_lies", installed: true, actions: [], defaultAction: "reboot" },
  ]);
});

test("a description is asked for again when the file was replaced, and only then", LIMIT, async (t) => {
  const bench = createBench(t, ["fence_mine"]);
  const text = (name: string): string => `#!/bin/sh
echo x >> ${bench.folder}/count
cat <<'XML'
${GOOD.replaceAll('"off"', `"${name}"`)}
XML
`;
  const { readFileSync, renameSync } = await import("node:fs");
  const actions = async (): Promise<readonly string[]> => (await bench.agents.traits())[0]?.actions ?? [];
  bench.script("fence_mine", text("off"));
  assert.deepEqual(await actions(), ["off", "on"]);
  assert.deepEqual(await actions(), ["off", "on"]);
  assert.equal(readFileSync(`${bench.folder}/count`, "utf8"), "x\n");
  renameSync(bench.script("new", text("diag")), `${bench.folder}/fence_mine`);
  assert.deepEqual(await actions(), ["diag", "on"]);
});
