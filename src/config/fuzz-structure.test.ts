/**
 * The article's configuration and the five nodes', taken apart and put together wrongly: elements moved,
 * doubled and left out, names mistyped, values exchanged. Never an exception; and whatever is accepted is
 * in the model as a whole: nothing of it is lost on the way.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { RelaxNGValidator, XmlDocument } from "libxml2-wasm";
import type { DeviceUse, NodeConfig } from "../core/config.ts";
import { HOSTILE_SHAPES, hostileFile } from "./hostile-files.ts";
import { CONFIG_BYTES_MAX, PROBLEMS_MAX } from "./limits.ts";
import type { ParsedConfig } from "./model.ts";
import { parseClusterConf } from "./parse.ts";
import { createPlaces } from "./places.ts";
import { createProblems, hasErrors } from "./problem.ts";
import { formatRelaxNg } from "./relaxng.ts";
import { readTree } from "./tree.ts";
import { childOf, childrenOf } from "./values.ts";
import type { Element } from "./xml.ts";

interface Loose {
  name: string;
  attributes: [name: string, value: string][];
  children: Loose[];
}

function loosen({ name, attributes, children }: Element): Loose {
  return {
    name,
    attributes: attributes.map((one) => [one.name, one.value]),
    children: children.map(loosen),
  };
}

function written({ name, attributes, children }: Loose): string {
  const inside = attributes.map(([key, value]) => ` ${key}="${escaped(value)}"`).join("");
  return `<${name}${inside}>${children.map(written).join("")}</${name}>\n`;
}

function escaped(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

const BASES = ["article", "five-nodes", "two-nodes"].map((name) => {
  const { root } = readTree(readFileSync(new URL(`../../docs/examples/${name}.conf`, import.meta.url)));
  assert.ok(root);
  return root;
});

const NAMES = ["cluster", "cman", "clusternode", "device", "fencedevice", "method", "fence", "unfence", "rm"];
const VALUES = [
  "",
  "0",
  "1",
  "2",
  "-1",
  "on",
  "off",
  "reboot",
  "tpve02",
  "node1",
  "bmc1",
  "pdu-a",
  "a b",
  "é",
  "<>&",
];

const edit = fc.record({
  what: fc.constantFrom("drop", "double", "move", "rename", "value", "exchange", "add", "typo", "shuffle"),
  at: fc.nat({ max: 400 }),
  to: fc.nat({ max: 400 }),
  word: fc.constantFrom(...NAMES, "nodeid", "votes", "name", "action", "port", "two_node", "agent"),
  value: fc.oneof(fc.constantFrom(...VALUES), fc.nat({ max: 300 }).map(String)),
});
type Edit = typeof edit extends fc.Arbitrary<infer One> ? One : never;

function all(root: Loose): Loose[] {
  return [root, ...root.children.flatMap(all)];
}

function apply(root: Loose, { what, at, to, word, value }: Edit): void {
  const elements = all(root);
  const one = elements[at % elements.length] ?? root;
  const other = elements[to % elements.length] ?? root;
  const parent = elements.find((each) => each.children.includes(one));
  const index = parent?.children.indexOf(one) ?? -1;
  const attribute = one.attributes[to % Math.max(1, one.attributes.length)];
  switch (what) {
    case "drop":
      parent?.children.splice(index, 1);
      break;
    case "double":
      parent?.children.splice(index, 0, structuredClone(one));
      break;
    case "move": {
      if (all(one).includes(other) || parent === undefined) break;
      parent.children.splice(index, 1);
      other.children.push(one);
      break;
    }
    case "rename":
      one.name = word;
      break;
    case "typo":
      if (attribute !== undefined && !one.attributes.some(([name]) => name === `${attribute[0]}x`))
        attribute[0] += "x";
      break;
    case "value":
      if (attribute !== undefined) attribute[1] = value;
      break;
    case "exchange": {
      const theirs = other.attributes[at % Math.max(1, other.attributes.length)];
      if (attribute === undefined || theirs === undefined) break;
      [attribute[1], theirs[1]] = [theirs[1], attribute[1]];
      break;
    }
    case "add":
      if (!one.attributes.some(([name]) => name === word)) one.attributes.push([word, value]);
      break;
    case "shuffle":
      one.children.reverse();
      one.attributes.reverse();
      break;
  }
}

/** Everything that stands in the file stands in the model, once, and every name leads somewhere. */
function checkWhole(root: Element, { config, parameters }: ParsedConfig): void {
  assert.ok(config && parameters);
  const nodes = childrenOf(childOf(root, "clusternodes"), "clusternode");
  assert.equal(config.nodes.length, nodes.length);
  assert.equal(new Set(config.nodes.map((node) => node.id)).size, nodes.length);
  assert.equal(new Set(config.nodes.map((node) => node.name.toLowerCase())).size, nodes.length);
  let lines = 0;
  for (const [index, element] of nodes.entries()) {
    const node: NodeConfig | undefined = config.nodes[index];
    assert.ok(node && node.id > 0 && node.votes > 0 && node.name !== "");
    const methods = childrenOf(childOf(element, "fence"), "method");
    assert.equal(node.methods.length, methods.length);
    for (const [at, method] of methods.entries()) {
      const uses: readonly DeviceUse[] = node.methods[at]?.devices ?? [];
      const devices = childrenOf(method, "device");
      assert.equal(uses.length, devices.length);
      assert.ok(uses.length > 0 && uses.some((use) => use.action !== "on"));
      lines += uses.length;
      for (const [position, device] of devices.entries()) {
        const pairs: readonly string[] =
          parameters.find(node.name, at, position)?.pairs.map((pair) => pair.name) ?? [];
        for (const { name } of device.attributes) assert.ok(name === "name" || pairs.includes(name), name);
      }
    }
    const unfence = childrenOf(childOf(element, "unfence"), "device").length;
    assert.equal(node.unfence.length, unfence);
    lines += unfence;
  }
  assert.equal(parameters.all.length, lines);
  if (config.twoNode) assert.equal(config.nodes.length, 2);
}

test("mutated configurations: no exception, and nothing accepted that the model cannot express", () => {
  using schema = XmlDocument.fromString(formatRelaxNg());
  using validator = RelaxNGValidator.fromDoc(schema);
  let accepted = 0;
  fc.assert(
    fc.property(fc.constantFrom(...BASES), fc.array(edit, { minLength: 1, maxLength: 6 }), (base, edits) => {
      const loose = loosen(base);
      for (const one of edits) apply(loose, one);
      const text = written(loose);
      const parsed = parseClusterConf(text);
      assert.equal(parsed.config === undefined, hasErrors(parsed.problems));
      if (parsed.config === undefined) return;
      accepted += 1;
      const { root } = readTree(text);
      assert.ok(root);
      checkWhole(root, parsed);
      using document = XmlDocument.fromString(text);
      validator.validate(document); // Throws when the schema that ships would refuse it.
    }),
    { numRuns: 1_500 },
  );
  assert.ok(accepted > 100, `only ${accepted} were accepted: the mutations are too wild to show anything`);
});

test("1 MB that was made to be slow: an answer, and no more problems than anybody reads", () => {
  for (const shape of HOSTILE_SHAPES) {
    const text = hostileFile(shape, CONFIG_BYTES_MAX);
    assert.equal(text.length, CONFIG_BYTES_MAX, shape);
    const { config, problems } = parseClusterConf(text);
    assert.equal(config === undefined, hasErrors(problems), shape);
    assert.ok(problems.length <= PROBLEMS_MAX + 1, shape);
  }
});

test("work does not grow with what nobody sees: one search for each line, no guesses past the limit", () => {
  let searches = 0;
  const indexOf = (): number => {
    searches += 1;
    return -1;
  };
  const text = { indexOf } as unknown as string;
  const places = createPlaces(text);
  for (let position = 0; position < 10_000; position++) places(position);
  assert.equal(searches, 1);

  const problems = createProblems();
  for (let line = 1; line <= PROBLEMS_MAX + 5; line++) {
    problems.error({ line, column: 1 }, "wrong", "right", problems.guess("ab", ["abc"]));
  }
  let compared = 0;
  const counted = function* () {
    compared += 1;
    yield "abc";
  };
  assert.equal(problems.guess("ab", counted()), undefined);
  assert.equal(compared, 0);
});

test("more attributes than a file may have are said", () => {
  const tag = `<rm ${Array.from({ length: 100 }, (_, at) => `a${at}="1"`).join(" ")}/>`;
  const text = `<cluster name="c" config_version="1">${tag.repeat(301)}</cluster>`;
  const { config, problems } = parseClusterConf(text);
  assert.equal(config, undefined);
  assert.match(problems[0]?.what ?? "", /too many attributes/);
});
