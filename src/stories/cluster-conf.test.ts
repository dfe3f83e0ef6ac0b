import assert from "node:assert/strict";
import { test } from "node:test";
import {
  withAction,
  withDevice,
  withDeviceAttributes,
  withFenceDaemon,
  withFirstMethod,
  withoutMethod,
} from "./cluster-conf.ts";

const node = (name: string, id: number): string => `<clusternode name="${name}" nodeid="${id}">
<fence>
<method name="ilo">
<device name="${name}" action="reboot"/>
</method>
</fence>
</clusternode>`;

const BASE = `<cluster name="tpve" config_version="1">
<fencedevices>
<fencedevice agent="fence_x" ipaddr="$1" login="admin" name="tpve01"/>
<fencedevice agent="fence_x" ipaddr="$2" login="admin" name="tpve02"/>
</fencedevices>
<clusternodes>
${node("tpve01", 1)}
${node("tpve02", 2)}
</clusternodes>
</cluster>`;

test("fence_daemon is added once and then changed", () => {
  const once = withFenceDaemon(BASE, { post_join_delay: "2" });
  assert.match(once, /<cluster [^>]*>\n<fence_daemon post_join_delay="2"\/>/);
  const twice = withFenceDaemon(once, { post_join_delay: "3", post_fail_delay: "1" });
  assert.match(twice, /<fence_daemon post_join_delay="3" post_fail_delay="1"\/>/);
  assert.equal(twice.match(/<fence_daemon/g)?.length, 1);
});

test("only the named node loses its methods", () => {
  const text = withoutMethod(BASE, "tpve02");
  assert.match(text, /name="tpve01"[\s\S]*<method[\s\S]*name="tpve02" nodeid="2">\s*<\/clusternode>/);
  assert.throws(() => withoutMethod(text, "tpve02"), /no fence section/);
});

test("a second device and a method before the first one", () => {
  const text = withFirstMethod(
    withDevice(BASE, "tpve02", "broken", { login: "nobody" }),
    "tpve02",
    "old",
    "broken",
  );
  assert.match(text, /<fencedevice agent="fence_x" ipaddr="\$2" login="nobody" name="broken"\/>/);
  assert.match(text, /<method name="old"><device name="broken"\/><\/method>\s*<method name="ilo">/);
});

test("attributes are replaced, and what is not there is an error", () => {
  assert.match(
    withDeviceAttributes(BASE, "tpve01", { login: "x" }),
    /ipaddr="\$1" name="tpve01" login="x"\/>/,
  );
  assert.match(withAction(BASE, "tpve02", "off"), /<device name="tpve02" action="off"\/>/);
  assert.throws(() => withDeviceAttributes(BASE, "tpve09", {}), /no <fencedevice/);
});
