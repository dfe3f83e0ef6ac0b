import assert from "node:assert/strict";
import { test } from "node:test";
import { redactText } from "./redact.ts";
import { restoreSecrets } from "./restore-secrets.ts";

const BASE = `<cluster><fencedevices>
  <fencedevice agent="fence_ilo4" name="ilo-01" login="a" passwd="one&amp;1"/>
  <fencedevice agent="fence_ilo4" name="ilo-02" passwd='tw"o' login="a"/>
</fencedevices><device port="3" community="c1"/></cluster>`;

test("what was masked comes back as it was", () => {
  const shown = redactText(BASE);
  assert.ok(!shown.includes("one&amp;1") && !shown.includes('tw"o'));
  assert.deepEqual(restoreSecrets(shown, BASE), { text: BASE, unknown: [] });
});

test("also when the rest of the element was edited, and a new password stays", () => {
  const edited = redactText(BASE).replace('login="a" passwd', 'login="b" lanplus="1" passwd');
  assert.match(restoreSecrets(edited, BASE).text, /name="ilo-01" login="b" lanplus="1" passwd="one&amp;1"/);
  const renewed = redactText(BASE).replace('passwd="[secret]"', 'passwd="new"');
  assert.match(restoreSecrets(renewed, BASE).text, /name="ilo-01" login="a" passwd="new"/);
});

test("a masked password of an element that was not there is named, never invented", () => {
  const renamed = redactText(BASE).replace('name="ilo-01"', 'name="ilo-09"');
  const { text, unknown } = restoreSecrets(renamed, BASE);
  assert.deepEqual(unknown, ["fencedevice ilo-09, passwd"]);
  assert.match(text, /name="ilo-09" login="a" passwd="\[secret\]"/);
  const twice = `<a><b name="x" passwd="1"/><b name="x" passwd="2"/></a>`;
  assert.equal(restoreSecrets(redactText(twice), twice).unknown.length, 2);
});
