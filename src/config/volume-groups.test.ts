import assert from "node:assert/strict";
import { test } from "node:test";
import { parseClusterConf } from "./parse.ts";

const parse = (groups: string) =>
  parseClusterConf(
    Buffer.from(`<cluster name="c" config_version="1">
<clusternodes><clusternode name="a" nodeid="1"/></clusternodes>
<volume_groups>${groups}</volume_groups></cluster>`),
  );

const errors = (groups: string): readonly string[] =>
  parse(groups)
    .problems.filter((one) => one.severity === "error")
    .map((one) => `${one.line}: ${one.what}`);

test("groups that are marked are suspended, others are not", () => {
  const text =
    '<volume_group name="san0" suspend="1"/><volume_group name="san-1"/><volume_group name="b" suspend="no"/>';
  assert.deepEqual(parse(text).config?.suspendedGroups, ["san0"]);
  assert.equal(parse('<volume_group name="san0"/>').config?.suspendedGroups, undefined);
});

test("what is wrong is said, with its line", () => {
  assert.deepEqual(errors('<volume_group name="-a" suspend="1"/>'), ['3: volume group "-a"']);
  assert.deepEqual(errors('<volume_group name="a"/><volume_group name="a"/>'), [
    '3: volume group "a" is there twice',
  ]);
  assert.match(errors('<volume_group name="a" suspend="perhaps"/>')[0] ?? "", /^3: suspend is "perhaps"/);
  assert.match(errors('<volume_group suspend="1"/>')[0] ?? "", /name/);
});
