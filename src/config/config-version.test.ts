import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { configVersionOf, withConfigVersion } from "./config-version.ts";

test("the version is raised where it stands, and nothing else is touched", () => {
  const text = `<?xml version="1.0"?>\n<!-- config_version="9" of <cluster config_version="8"> -->\n<cluster  name='a>b'\n\tconfig_version = '7' >\n  <!-- mine -->\n</cluster>\n`;
  assert.equal(configVersionOf(text), 7);
  assert.equal(withConfigVersion(text, 8), text.replace("'7'", "'8'"));
});

test("where there is none it is written; without <cluster> there is no place for it", () => {
  assert.equal(configVersionOf("<cluster name='x'/>"), undefined);
  assert.equal(withConfigVersion('<cluster name="x"/>', 3), '<cluster config_version="3" name="x"/>');
  assert.equal(withConfigVersion("<clusternodes/>", 3), undefined);
  assert.equal(configVersionOf('<cluster config_version="1e3"/>'), undefined);
});

test("what was written is read back, whatever stands around it", () => {
  const filling = fc.stringMatching(/^[a-z \n\t]{0,30}$/);
  fc.assert(
    fc.property(fc.nat(1e9), fc.nat(1e9), filling, filling, (old, next, before, after) => {
      const text = `<!--${before}-->\n<cluster a="${before}" config_version="${old}" b='${after}'>${after}</cluster>`;
      const raised = withConfigVersion(text, next) ?? "";
      assert.equal(configVersionOf(raised), next);
      assert.equal(withConfigVersion(raised, old), text);
    }),
  );
});

test("nonsense costs no time and no exception", () => {
  for (const text of [
    "<".repeat(100_000),
    "<!--".repeat(50_000),
    `<cluster ${"a=".repeat(50_000)}`,
    "<?".repeat(50_000),
  ]) {
    assert.equal(configVersionOf(text), undefined);
  }
});
