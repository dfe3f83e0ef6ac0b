import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { isUsable, type UsableConfig } from "../../config/diff/diff-configs.ts";
import { parseClusterConf } from "../../config/parse.ts";
import { consequencesOf, NODES_PLAYED_MAX } from "./consequences.ts";

const ARTICLE = readFileSync(new URL("../../../docs/examples/article.conf", import.meta.url), "utf8");

function usable(text: string): UsableConfig {
  const parsed = parseClusterConf(text);
  assert.ok(isUsable(parsed));
  return parsed;
}

test("a first method ends a freeze, and taking it away brings it back", () => {
  const device = '<fencedevice name="pdu" agent="fence_apc" ipaddr="p" login="l" passwd_script="/p"/>';
  const more = ARTICLE.replace(
    'nodeid="3"/>',
    'nodeid="3"><fence><method name="m"><device name="pdu" port="3"/></method></fence></clusternode>',
  ).replace("</fencedevices>", `${device}</fencedevices>`);
  const gained = consequencesOf(usable(ARTICLE), usable(more));
  assert.ok(gained?.some(({ fault, turn }) => fault === "tpve03 falls silent" && turn === "better"));
  assert.ok(!gained?.some(({ turn, fault }) => turn === "worse" && fault.startsWith("tpve03 falls")));
  const lost = consequencesOf(usable(more), usable(ARTICLE));
  const silent = lost?.find(({ fault }) => fault === "tpve03 falls silent");
  assert.equal(silent?.turn, "worse");
  assert.match(silent?.text ?? "", /^storage freezes until a person acts; until now: storage is held \d+ s/);
});

test("what means the same has no consequences; a large cluster is not played in passing", () => {
  assert.deepEqual(consequencesOf(usable(ARTICLE), usable(ARTICLE.replace("<!--", "<!-- x"))), []);
  const nodes = Array.from(
    { length: NODES_PLAYED_MAX + 1 },
    (_, at) => `<clusternode name="n${at}" nodeid="${at + 1}"/>`,
  );
  const large = usable(
    `<cluster name="l" config_version="1"><clusternodes>${nodes.join("")}</clusternodes></cluster>`,
  );
  assert.equal(consequencesOf(usable(ARTICLE), large), undefined);
});
