/** The ten commands of docs/lvm.md, as they stand there, on real Corosync nodes with Debian's LVM. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { openLabStage } from "../../../src/lab/stage.ts";
import { isOpenFor, PATIENCE_MS } from "../../../src/stories/acts.ts";
import { labIsMissing } from "./requirements.ts";

const skip = labIsMissing() || (existsSync("/dev/loop-control") ? false : "there are no loop devices");
const PAGE = new URL("../../../docs/lvm.md", import.meta.url);
/** The page's name of the device; in the lab it is a loop device. */
const LUN = "/dev/mapper/san-lun";
/** In the lab nothing is mapped, so that a new volume cannot be zeroed and wiped. */
const UNMAPPED = ["-Zn", "-Wn"];

function commands(): readonly { readonly node: string; readonly words: readonly string[] }[] {
  return [...readFileSync(PAGE, "utf8").matchAll(/^(tpve\d\d)# ([^#\n]+?)\s*(?:#.*)?$/gm)].map(
    ([, node, text]) => ({
      node: node as string,
      words: (text as string).split(" "),
    }),
  );
}

test("the ten commands of the page lead to a shared volume group", { skip, timeout: 120_000 }, async (t) => {
  const stage = await openLabStage({ nodes: 3, lvm: "bouncerd", say: (line) => t.diagnostic(line) });
  t.after(() => stage.close());
  for (const node of stage.nodes) {
    await stage.until(node, "storage is open", (now) => isOpenFor(now, stage.nodes), PATIENCE_MS);
  }
  const all = commands();
  assert.equal(all.length, 10);
  let last = "";
  for (const { node, words } of all) {
    const real = words.map((word) => (word === LUN ? (stage.device ?? "") : word));
    const more = words[0] === "lvcreate" ? UNMAPPED : [];
    const { code, stdout, stderr } = await stage.run(node, [...real, ...more]);
    assert.equal(code, 0, `${node}# ${words.join(" ")}: ${stderr}`);
    last = stdout;
  }
  assert.match(last, /^volume group san0 \S{38}, started on tpve01, tpve02, tpve03$/m);
  assert.match(last, /^ {2}vm-101-disk-0 {2}EX {2}tpve02, /m);
  assert.match(last, /^ {2}vm-102-disk-0 {2}EX {2}tpve03, /m);
});
