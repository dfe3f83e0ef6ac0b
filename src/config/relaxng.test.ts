import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { RelaxNGValidator, XmlDocument, XmlLibError } from "libxml2-wasm";
import { parseClusterConf } from "./parse.ts";
import { hasErrors } from "./problem.ts";
import { formatRelaxNg } from "./relaxng.ts";
import { readTree } from "./tree.ts";

const GOLDEN = new URL("../../test/golden/config/", import.meta.url);
const FILES = readdirSync(GOLDEN).filter((name) => name.endsWith(".conf"));

/** Names, and values of attributes that every editor can check. The rest only reading can know. */
const BY_SCHEMA =
  /^(?:unknown (?:element|attribute) |<\w+> has no |a second <|text between |(?:config_version|two_node|votes|nodeid|transport|evidence|post_\w+|daemon_restart_grace|override_time) is ")/;

test("the schema that ships is the one that is made of the rules", () => {
  const shipped = readFileSync(new URL("../../packaging/schema/cluster.rng", import.meta.url), "utf8");
  assert.equal(shipped, formatRelaxNg());
});

test("it refuses nothing that is read, and everything that is no file of ours by its names", () => {
  using schema = XmlDocument.fromString(formatRelaxNg());
  using validator = RelaxNGValidator.fromDoc(schema);
  let refused = 0;
  for (const name of FILES) {
    const text = readFileSync(new URL(name, GOLDEN));
    if (readTree(text).root === undefined) continue; // No XML that we read: no schema is asked.
    const isValid = validates(validator, text);
    const { problems } = parseClusterConf(text);
    if (!isValid) {
      refused += 1;
      assert.ok(hasErrors(problems), `${name} is read, and the schema refuses it`);
    }
    const byName = problems.filter((one) => one.severity === "error" && BY_SCHEMA.test(one.what));
    if (byName.length > 0) assert.ok(!isValid, `${name}: ${byName[0]?.what}`);
  }
  assert.ok(refused >= 40, `${refused}`);
});

test("what is inside foreign elements is not looked at", () => {
  using schema = XmlDocument.fromString(formatRelaxNg());
  using validator = RelaxNGValidator.fromDoc(schema);
  const around = (inner: string) =>
    `<cluster name="c" config_version="1">${inner}<clusternodes><clusternode name="a" nodeid="1"/></clusternodes></cluster>`;
  assert.ok(
    validates(validator, around('<rm a="1">text<service><ip address="x"/></service></rm><dlm/><dlm/>')),
  );
  assert.ok(!validates(validator, around("<rmm/>")));
  assert.ok(!validates(validator, around("<cman/><cman/>")));
});

function validates(validator: RelaxNGValidator, text: string | Uint8Array): boolean {
  using document = XmlDocument.fromString(
    typeof text === "string" ? text : Buffer.from(text).toString("utf8"),
  );
  try {
    validator.validate(document);
    return true;
  } catch (error) {
    assert.ok(error instanceof XmlLibError);
    return false;
  }
}
